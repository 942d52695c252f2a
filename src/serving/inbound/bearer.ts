import { Refusal } from "../refusal.ts";
import { type CallerByKey, callerByKey } from "./caller-by-key.ts";
import type { Caller, Guard } from "./guard.ts";
import type { InboundKind } from "./inbound-kind.ts";
import { Challenge, credentialsOf, fieldBytes, REALM } from "./presented.ts";

/** One token that all callers present (RFC 6750, 2.1). */
export const bearer: InboundKind = {
  fields: ["token"],
  optionalFields: [],
  publicFields: [],
  problem: () => undefined,
  open: (_, { token = "" }, { tenants }) => bearerGuard(callerByKey("bearer", token, tenants)),
};

/** Makes the guard that admits whoever presents a token. */
export function bearerGuard(callerOf: CallerByKey): Guard {
  const admitted = (caller: Caller | undefined): Caller => {
    if (caller === undefined) throw new Refusal(401, "The bearer token is wrong", challenge('error="invalid_token", '));
    return caller;
  };
  return {
    resource: undefined,
    admit(request) {
      const presented = credentialsOf(request, "bearer");
      // A request without a token gets no error code (RFC 6750, 3.1).
      if (presented === undefined) throw new Challenge("This server asks for a bearer token", challenge(""));
      const found = callerOf(fieldBytes(presented));
      return found instanceof Promise ? found.then(admitted) : admitted(found);
    },
  };
}

function challenge(error: string): Refusal["headers"] {
  return { "www-authenticate": `Bearer ${error}realm="${REALM}"` };
}
