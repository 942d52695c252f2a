import { apiKey } from "./api-key.ts";
import type { AuthenticationKind } from "./authentication-kind.ts";
import { awsSigV4 } from "./aws-sigv4.ts";
import { basic } from "./basic.ts";
import { bearer } from "./bearer.ts";
import { digest } from "./digest.ts";
import { mtls } from "./mtls.ts";
import { oauth2 } from "./oauth2.ts";

/** Every kind of authentication by its `type`. */
export const authentications: ReadonlyMap<string, AuthenticationKind> = new Map<string, AuthenticationKind>([
  ["basic", basic],
  ["bearer", bearer],
  ["apikey", apiKey],
  ["digest", digest],
  ["oauth2", oauth2],
  ["mtls", mtls],
  ["aws-sigv4", awsSigV4],
]);
