import { ExactNumber } from "../../base/numbers/exact-number.ts";
import type { Reference, Template } from "../../language/model/types.ts";
import type { BindValues } from "../binds/bind-resolver.ts";
import { isBinary } from "./binary-value.ts";
import { jsonText } from "./bodies/json.ts";
import type { TextBudget } from "./text-budget.ts";

/** Values of the references of templates during one call. */
export interface RenderScope {
  /** The caller's values by input key. */
  readonly inputs: ReadonlyMap<string, unknown>;
  /** Values whose members are looked for where those of the inputs have none, by the same names. */
  readonly raw?: ReadonlyMap<string, unknown>;
  readonly binds: BindValues;
  /** Absent for a single text. */
  readonly budget?: TextBudget;
}

/** Turns one value into text for the place the template stands in. */
export type Escape = (text: string) => string;

/** Returns a template as a single value: the value itself if the template is one reference, else its text. */
export function renderValue(template: Template, scope: RenderScope): unknown {
  const [only] = template.parts;
  if (template.parts.length === 1 && typeof only === "object") return referenceValue(only, scope);
  return renderText(template, scope);
}

/**
 * Returns the text of a template, or `undefined` if it is one placeholder without a value. Inside longer text a missing
 * value is empty (language chapter 4.4). Inserted values are never scanned for templates again.
 */
export function renderText(template: Template, scope: RenderScope, escapeValue?: Escape): string | undefined {
  let text = "";
  for (const part of template.parts) {
    if (typeof part === "string") {
      text += part;
      continue;
    }
    const value = referenceValue(part, scope);
    if (value === undefined && template.parts.length === 1) return undefined;
    const written = valueText(value);
    scope.budget?.spend(written.length);
    text += escapeValue === undefined ? written : escapeValue(written);
  }
  return text;
}

/**
 * Returns a JSON text with values in place of its placeholders: inside a string as part of it, elsewhere as a JSON
 * value.
 *
 * @param quoted whether each part stands inside a string
 */
export function renderJsonText(template: Template, quoted: readonly boolean[], scope: RenderScope): string {
  let text = "";
  for (const [index, part] of template.parts.entries()) {
    if (typeof part === "string") {
      text += part;
      continue;
    }
    const value = referenceValue(part, scope);
    const written = quoted[index] ? JSON.stringify(valueText(value)).slice(1, -1) : (jsonText(value) ?? "null");
    scope.budget?.spend(written.length);
    text += written;
  }
  return text;
}

/** Returns the value of one reference, with its type; `undefined` if it has none. */
export function referenceValue(reference: Reference, scope: RenderScope): unknown {
  switch (reference.kind) {
    case "bind":
      return scope.binds.get(reference.variable);
    case "undeclared":
      return undefined;
    case "constant":
      return reference.value;
    case "template": {
      const value = renderValue(reference.template, scope);
      // The same text may stand in thousands of places.
      if (typeof value === "string") scope.budget?.spend(value.length);
      return value;
    }
    case "input":
      return inputValue(reference, scope);
  }
}

function inputValue(
  { name, members }: Extract<Reference, { readonly kind: "input" }>,
  { inputs, raw }: RenderScope,
): unknown {
  const found = memberOf(inputs.get(name), members);
  return found === undefined && raw !== undefined && members.length > 0 ? memberOf(raw.get(name), members) : found;
}

function memberOf(root: unknown, members: readonly string[]): unknown {
  let value = root;
  for (const member of members) {
    // Own members only: a name of the file must not reach a prototype (language chapter 4.5).
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, member)) return undefined;
    value = (value as Record<string, unknown>)[member];
  }
  return value;
}

/**
 * Returns a value as text: strings as they are, null and absent as an empty text, anything else as compact JSON
 * (language chapter 4.5).
 */
function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  if (isBinary(value)) throw new Error("a file cannot stand inside a text");
  return value instanceof ExactNumber ? String(value) : (jsonText(value) ?? "");
}
