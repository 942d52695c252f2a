import { member } from "../../base/json-object.ts";
import type { AuthenticationDeclaration } from "../../language/document/document-types.ts";
import { apiKey } from "./api-key.ts";
import type { AuthenticationKind } from "./authentication-kind.ts";
import { awsSigV4 } from "./aws-sigv4.ts";
import { basic } from "./basic.ts";
import { bearer } from "./bearer.ts";
import { digest } from "./digest.ts";
import { mtls } from "./mtls.ts";
import { oauth2 } from "./oauth2.ts";

/** The kinds of authentication by `type`. */
export const authentications: Readonly<Record<AuthenticationDeclaration["type"], AuthenticationKind>> = {
  basic,
  bearer,
  apikey: apiKey,
  digest,
  oauth2,
  mtls,
  "aws-sigv4": awsSigV4,
};

/** Returns whether the credential of a kind is added when a request is sent, so that prepared requests lack it. */
export function isAddedBySending(type: string): boolean {
  const kind = member(authentications, type);
  return kind !== undefined && "open" in kind;
}
