import { Refusal } from "../refusal.ts";
import { callerId } from "./caller-id.ts";
import type { Guard } from "./guard.ts";
import type { InboundKind } from "./inbound-kind.ts";
import { Challenge, credentialsOf, fieldBytes, REALM, secretCheck } from "./presented.ts";

/** One token that all callers present (RFC 6750, 2.1). */
export const bearer: InboundKind = {
  fields: ["token"],
  optionalFields: [],
  publicFields: [],
  problem: () => undefined,
  open: (_, { token = "" }) => bearerGuard(token),
};

/** Makes the guard that admits whoever presents a token. */
export function bearerGuard(token: string): Guard {
  const isExpected = secretCheck(token);
  const caller = { id: callerId("bearer", token) };
  return {
    resource: undefined,
    admit(request) {
      const presented = credentialsOf(request, "bearer");
      // A request without a token gets no error code (RFC 6750, 3.1).
      if (presented === undefined) throw new Challenge("This server asks for a bearer token", challenge(""));
      if (!isExpected(fieldBytes(presented)))
        throw new Refusal(401, "The bearer token is wrong", challenge('error="invalid_token", '));
      return caller;
    },
  };
}

function challenge(error: string): Refusal["headers"] {
  return { "www-authenticate": `Bearer ${error}realm="${REALM}"` };
}
