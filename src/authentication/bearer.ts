import type { AuthenticationKind } from "./authentication-kind.ts";

/** Bearer token (RFC 6750, 2.1). */
export const bearer: AuthenticationKind = {
  fields: ["token"],
  place: () => ({ in: "header", name: "authorization" }),
  credential: ({ token = "" }) => `Bearer ${token}`,
};
