import { isIPv6 } from "node:net";

/**
 * Returns the network that an address stands for: an IPv4 address itself, of an IPv6 address the first 64 bits, since one
 * subscriber has at least as many addresses (RFC 6177, 2).
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const plain = address.replace(/%.*$/, "");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = plain.split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  // An IPv4 address at the end has the place of two groups.
  const count = first.length + last.length + (plain.includes(".") ? 1 : 0);
  const groups = tail === undefined ? first : [...first, ...Array<string>(8 - count).fill("0"), ...last];
  return groups
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(":");
}
