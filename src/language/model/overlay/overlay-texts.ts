import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import { parseTemplate } from "../../expression/template.ts";
import type { OverlayOrigin } from "../../overlays/resolved-overlay.ts";
import type { BindScope } from "../bind-scope.ts";
import { resolveReference } from "../compile-template.ts";
import { undeclaredText } from "../undeclared-name.ts";
import type { OverlayFindings } from "./findings.ts";

/**
 * Checks that every text below a value is a template of variables.
 *
 * @returns whether all can be compiled
 */
export function checkTexts(
  value: unknown,
  origin: OverlayOrigin,
  { scope, findings }: { readonly scope: BindScope; readonly findings: OverlayFindings },
): boolean {
  let sound = true;
  for (const text of textsBelow(value)) {
    const parsed = parseTemplate(text, "double");
    if (!parsed.ok) {
      findings.malformed(origin, `${origin.setting}: ${parsed.reason}`);
      sound = false;
      continue;
    }
    for (const part of parsed.parts) {
      if (typeof part === "string") continue;
      const reference = resolveReference(part.name, { scope });
      if (reference.kind !== "undeclared") continue;
      const known = scope.variables.map(variable => variable.name);
      const hint = didYouMean(suggest(part.name, known));
      findings.misfit(origin, `${origin.setting} refers to {{${part.name}}}: ${reference.problem}${hint}`);
    }
  }
  return sound;
}

/** Checks that a credential or a header is not text that looks like a reference to a variable and is none. */
export function checkReferences(
  value: unknown,
  origin: OverlayOrigin,
  { scope, findings }: { readonly scope: BindScope; readonly findings: OverlayFindings },
): void {
  for (const text of typeof value === "object" && value !== null ? Object.values(value) : [value]) {
    if (typeof text !== "string" || scope.bareReference(text) !== undefined) continue;
    const mistaken = scope.names.mistakenIn(text);
    if (mistaken?.kind === "undeclared") findings.misfit(origin, `${origin.setting}: ${undeclaredText(mistaken)}`);
  }
}

/** Yields all texts below a value. Member names count too: those of a body are templates. */
function* textsBelow(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    yield name;
    yield* textsBelow(member);
  }
}
