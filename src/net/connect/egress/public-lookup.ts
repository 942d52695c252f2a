import { isIP, type LookupFunction } from "node:net";
import { CapabilityError } from "../../../base/capability-error.ts";
import { isPublicAddress } from "./public-address.ts";

/**
 * Creates a look-up that fails if any address of a name is not public. A connection uses the address from the look-up, so
 * that a name cannot mean one address when it is checked and another one when it is used.
 *
 * @param lookup finds the addresses
 */
export function publicLookup(lookup: LookupFunction, url: string): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, found, family) => {
      if (error !== null) {
        callback(error, found, family);
        return;
      }
      const addresses = typeof found === "string" ? [found] : found.map(({ address }) => address);
      const refused = addresses.find(address => !isPublicAddress(address));
      if (refused === undefined) callback(null, found, family);
      else callback(addressRefused(url, refused), "", 0);
    });
  };
}

/**
 * Refuses an address in the URL itself, which is not looked up. The URL parser has normalised all spellings of IPv4
 * (`0x7f.1`, `2130706433`).
 *
 * @throws CapabilityError `EGRESS_REFUSED`
 */
export function requirePublicLiteral(url: string): void {
  const address = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(address) !== 0 && !isPublicAddress(address)) throw addressRefused(url, address);
}

function addressRefused(url: string, address: string): CapabilityError {
  const { hostname: host } = new URL(url);
  const found = host.replace(/^\[(.*)\]$/, "$1") === address ? "it" : `its address ${address}`;
  return new CapabilityError("EGRESS_REFUSED", {
    message: `Cannot send to ${host}: ${found} is not public, and only public addresses are allowed`,
    details: { host, url, address },
    remedies: [{ option: "egress", value: "any" }],
  });
}
