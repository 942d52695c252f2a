import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import { isTenantName } from "../../language/document/tenant-location.ts";
import { Refusal } from "../refusal.ts";
import type { TenantKeys } from "./tenant-keys.ts";

/** What tells which tenant a caller belongs to. */
export type TenantSource =
  | { readonly kind: "claim"; readonly name: string }
  | { readonly kind: "apiKeys"; readonly keys: TenantKeys }
  /** The name in lower case. */
  | { readonly kind: "header"; readonly name: string };

/**
 * Reads the tenant in the claims of a token: a text, a whole number, or a list of one of them.
 *
 * @throws Refusal 403 for a token that names none, or several
 */
export function tenantOfClaims(claims: JsonObject, name: string): string {
  const found = claimOf(claims, name);
  const [value, ...others] = Array.isArray(found) ? found : [found];
  if (value === undefined || others.length > 0)
    throw noTenant(
      `The access token has ${others.length > 0 ? "several tenants" : "no tenant"} in its claim "${name}"`,
    );
  const text = typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? String(value) : value;
  if (typeof text !== "string" || !isTenantName(text))
    throw noTenant(`The claim "${name}" of the access token is not the name of a tenant`);
  return text;
}

/** Finds a claim. Some have dots in their names, such as URLs. */
function claimOf(claims: JsonObject, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let found: unknown = claims;
  for (const part of name.split(".")) found = isJsonObject(found) ? member(found, part) : undefined;
  return found;
}

/**
 * Reads the tenant in a header field.
 *
 * @param value as Node has it: several fields are joined, and name none
 * @throws Refusal 403
 */
export function tenantOfHeader(value: string | readonly string[] | undefined, name: string): string {
  if (value === undefined) throw noTenant(`The request names no tenant in its header "${name}"`);
  if (typeof value !== "string" || !isTenantName(value))
    throw noTenant(`The header "${name}" of the request is not the name of a tenant`);
  return value;
}

function noTenant(detail: string): Refusal {
  return new Refusal(403, detail);
}
