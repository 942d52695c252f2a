import type { ExposesAuthentication } from "../../document/document-types.ts";
import type { BindScope } from "../bind-scope.ts";
import { compileTemplate } from "../compile-template.ts";
import type { Template } from "../types.ts";
import type { InboundAuthentication } from "./types.ts";

/** Members that are settings, and not texts of a credential. */
const SETTINGS: ReadonlySet<string> = new Set(["type", "key", "placement", "scopes", "tokenValidation"]);

/** Compiles what callers of a server have to present (language chapter 7.6). Only variables stand in its texts. */
export function inboundAuthentication(
  written: ExposesAuthentication | undefined,
  binds: BindScope,
  pointer: string,
): InboundAuthentication | undefined {
  if (written === undefined || written === null) return undefined;
  const fields = new Map<string, Template>();
  for (const [name, value] of Object.entries(written)) {
    if (SETTINGS.has(name) || typeof value !== "string") continue;
    fields.set(name, compileTemplate(value, { scope: binds, bareNames: true }));
  }
  return {
    type: written.type,
    key: written.key ?? undefined,
    placement: written.placement ?? "header",
    fields,
    scopes: written.scopes ?? [],
    tokenValidation: written.tokenValidation ?? "jwks",
    pointer,
  };
}
