import { BlockList, isIP } from "node:net";

type Range = readonly [address: string, prefix: number];

/**
 * IPv4 addresses that are not of the public internet: IANA's registry of special-purpose addresses (RFC 6890), without
 * its few that are globally reachable, and multicast (RFC 5771).
 */
const SPECIAL_IPV4: readonly Range[] = [
  // This network; its first address stands for every one of a computer.
  ["0.0.0.0", 8],
  // Private use (RFC 1918).
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  // Shared by the customers of a carrier (RFC 6598).
  ["100.64.0.0", 10],
  // Loopback.
  ["127.0.0.0", 8],
  // Link-local (RFC 3927): the metadata of clouds among them.
  ["169.254.0.0", 16],
  // Protocol assignments.
  ["192.0.0.0", 24],
  // Documentation (RFC 5737).
  ["192.0.2.0", 24],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  // Relays of 6to4 (RFC 7526).
  ["192.88.99.0", 24],
  // Benchmarks (RFC 2544).
  ["198.18.0.0", 15],
  // Multicast.
  ["224.0.0.0", 4],
  // Reserved, and the broadcast to all.
  ["240.0.0.0", 4],
];

/** The public part of IPv6 (RFC 4291, 2.4). Other addresses are special, reserved or contain an IPv4 address. */
const GLOBAL_UNICAST: Range = ["2000::", 3];

/** Parts of it that are not public: IANA's registry for IPv6. */
const SPECIAL_IPV6: readonly Range[] = [
  // Protocol assignments: Teredo, which holds an IPv4 address, among them.
  ["2001::", 23],
  // Documentation (RFC 3849, RFC 9637).
  ["2001:db8::", 32],
  ["3fff::", 20],
  // 6to4, which holds an IPv4 address.
  ["2002::", 16],
];

/** The prefix by which networks without IPv4 reach an IPv4 address, which is the last 32 bits (RFC 6052). */
const NAT64 = "64:ff9b::";
const NAT64_PREFIX = 96;

const special = new BlockList();
const publicIpv6 = new BlockList();
const specialIpv6 = new BlockList();

publicIpv6.addSubnet(...GLOBAL_UNICAST, "ipv6");
publicIpv6.addSubnet(NAT64, NAT64_PREFIX, "ipv6");
for (const range of SPECIAL_IPV6) specialIpv6.addSubnet(...range, "ipv6");
for (const [address, prefix] of SPECIAL_IPV4) {
  special.addSubnet(address, prefix, "ipv4");
  specialIpv6.addSubnet(`${NAT64}${address}`, NAT64_PREFIX + prefix, "ipv6");
}

/** Returns whether a text is an IP address of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, "ipv4");
  return family === 6 && publicIpv6.check(address, "ipv6") && !specialIpv6.check(address, "ipv6");
}
