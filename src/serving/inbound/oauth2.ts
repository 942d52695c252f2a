import type { InboundKind } from "./inbound-kind.ts";

/** Tokens of an authorization server. */
export const oauth2: InboundKind = {
  fields: ["authorizationServerUri", "resource"],
  optionalFields: ["audience"],
  publicFields: ["authorizationServerUri", "resource", "audience"],
  problem: () => "cannot be checked yet",
  open() {
    throw new Error("oauth2 admits nobody yet");
  },
};
