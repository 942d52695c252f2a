import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { expect, it } from "vitest";
import { publicLookup } from "../../../../src/net/connect/egress/public-lookup.ts";

const URL = "https://api.test/";

/** Returns the addresses that a connection gets, or the reason for a refusal. */
function lookUp(lookup: LookupFunction, all: boolean): Promise<unknown> {
  return new Promise(resolve => {
    lookup("api.test", { all }, (error, found, family) => resolve(error ?? (all ? found : { address: found, family })));
  });
}

/** Creates a DNS that gives another address each time. */
function answering(...answers: readonly string[][]): LookupFunction {
  const rest = [...answers];
  return (_, { all }, callback) => {
    const addresses: LookupAddress[] = (rest.shift() ?? []).map(address => ({ address, family: 4 }));
    if (all) callback(null, addresses);
    else callback(null, addresses[0]?.address ?? "", 4);
  };
}

it.each([true, false])("publicLookup() gives what it has checked, and asks once (all: %s)", async all => {
  const lookup = publicLookup(answering(["8.8.8.8"], ["127.0.0.1"], ["8.8.4.4"]), URL);
  const one = { address: "8.8.8.8", family: 4 };
  expect(await lookUp(lookup, all)).toEqual(all ? [one] : one);
  expect(await lookUp(lookup, all)).toMatchObject({
    code: "EGRESS_REFUSED",
    message: "Cannot send to api.test: its address 127.0.0.1 is not public, and only public addresses are allowed",
    details: { host: "api.test", url: URL, address: "127.0.0.1" },
    remedies: [{ option: "egress", value: "any" }],
  });
});

it("publicLookup() gives an error of the look-up as it is", async () => {
  const error = Object.assign(new Error("getaddrinfo ENOTFOUND api.test"), { code: "ENOTFOUND" });
  const lookup = publicLookup((_, __, callback) => callback(error, ""), URL);
  expect(await lookUp(lookup, true)).toBe(error);
});
