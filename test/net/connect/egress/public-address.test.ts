import { expect, it } from "vitest";
import { isPublicAddress } from "../../../../src/net/connect/egress/public-address.ts";

/** First and last of each range that is special, and what lies beside it. */
const special = `
0.0.0.0 0.255.255.255
10.0.0.0 10.255.255.255
100.64.0.0 100.127.255.255
127.0.0.1 127.255.255.255
169.254.0.0 169.254.169.254
172.16.0.0 172.31.255.255
192.0.0.0 192.0.0.170
192.0.2.0 192.0.2.255
192.88.99.0 192.88.99.1
192.168.0.0 192.168.255.255
198.18.0.0 198.19.255.255
198.51.100.0 198.51.100.255
203.0.113.0 203.0.113.255
224.0.0.0 239.255.255.255
240.0.0.0 255.255.255.255
:: ::1
::127.0.0.1 ::8.8.8.8
::ffff:127.0.0.1 ::ffff:8.8.8.8
::ffff:7f00:1 ::ffff:0:127.0.0.1
64:ff9b::7f00:1 64:ff9b::10.0.0.1
64:ff9b::169.254.169.254 64:ff9b::192.168.1.1
64:ff9b:1:: 64:ff9b:1:ffff::1
100:: 100::ffff
2001:: 2001:0:4136:e378:8000:63bf:3fff:fdd2
2001:2::1 2001:10::1
2001:20::1 2001:1ff:ffff::1
2001:db8:: 2001:db8:ffff::1
2002:7f00:1:: 2002:808:808::1
3fff:: 3fff:fff::1
4000:: 5f00::1
fc00:: fdff:ffff::1
fe80::1 febf::1
fe80::1%lo fec0::1
ff00:: ff02::1
`;

const open = `
1.1.1.1 8.8.8.8
9.255.255.255 11.0.0.0
100.63.255.255 100.128.0.0
126.255.255.255 128.0.0.0
169.253.255.255 169.255.0.0
172.15.255.255 172.32.0.0
192.0.1.0 192.0.3.0
192.88.98.255 192.88.100.0
192.167.255.255 192.169.0.0
198.17.255.255 198.20.0.0
203.0.112.255 203.0.114.0
223.255.255.255 93.184.215.14
2000:: 2001:200::
2001:4860:4860::8888 2606:4700:4700::1111
2003:: 2a00:1450:4001:80b::200e
3ffe:ffff::1 2620:4f:8000::1
64:ff9b::8.8.8.8 64:ff9b::808:808
`;

const noAddress = "localhost api.test 1.2.3 0x7f.1 [::1] 1.2.3.4.5 g::1 127.1";

function addresses(text: string): string[] {
  return text.trim().split(/\s+/);
}

it.each(addresses(special))("isPublicAddress() refuses %s", address => {
  expect(isPublicAddress(address)).toBe(false);
});

it.each(addresses(open))("isPublicAddress() takes %s", address => {
  expect(isPublicAddress(address)).toBe(true);
});

it.each(addresses(noAddress))("isPublicAddress() refuses what is no address: %s", text => {
  expect(isPublicAddress(text)).toBe(false);
});
