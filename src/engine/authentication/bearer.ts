import { AUTHORIZATION, type StaticKind } from "./authentication-kind.ts";

/** Bearer token (RFC 6750, 2.1). */
export const bearer: StaticKind = {
  fields: ["token"],
  place: () => AUTHORIZATION,
  credential: ({ token = "" }) => `Bearer ${token}`,
};
