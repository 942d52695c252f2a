import { Refusal } from "../refusal.ts";
import { callerId } from "./caller-id.ts";
import type { InboundKind } from "./inbound-kind.ts";
import { Challenge, credentialsOf, REALM, secretCheck } from "./presented.ts";

const CHALLENGE = { "www-authenticate": `Basic realm="${REALM}", charset="UTF-8"` };
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** User name and password in the header (RFC 7617). */
export const basic: InboundKind = {
  fields: ["username", "password"],
  optionalFields: [],
  publicFields: ["username"],
  problem(_, { username = "" }) {
    return username.includes(":") ? 'has a ":" in its username, which no client can send (RFC 7617, 2)' : undefined;
  },
  open(_, { username = "", password = "" }) {
    const isExpected = secretCheck(`${username}:${password}`);
    const caller = { id: callerId("basic", username) };
    return {
      resource: undefined,
      admit(request) {
        const credentials = credentialsOf(request, "basic");
        if (credentials === undefined)
          throw new Challenge("This server asks for a user name and a password", CHALLENGE);
        if (!BASE64.test(credentials) || !isExpected(Buffer.from(credentials, "base64")))
          throw new Refusal(401, "The user name or the password is wrong", CHALLENGE);
        return caller;
      },
    };
  },
};
