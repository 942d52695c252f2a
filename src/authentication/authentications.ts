import { apiKey } from "./api-key.ts";
import type { AuthenticationKind } from "./authentication-kind.ts";
import { basic } from "./basic.ts";
import { bearer } from "./bearer.ts";

/** Every kind of authentication by its `type`. */
export const authentications: ReadonlyMap<string, AuthenticationKind> = new Map([
  ["basic", basic],
  ["bearer", bearer],
  ["apikey", apiKey],
]);
