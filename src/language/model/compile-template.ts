import { parseTemplate, type TemplateSyntax } from "../expression/template.ts";
import type { BindScope } from "./bind-scope.ts";
import type { Reference, Template, TemplatePart } from "./types.ts";

export interface TemplateContext {
  readonly scope: BindScope;
  /** Whether a text that equals a declared variable's name is a reference (language chapter 3, rule 6). */
  readonly bareNames?: boolean;
  /** Returns the meaning of the name of a parameter with a value in the file. */
  readonly fixed?: (name: string) => Reference | undefined;
  /** Receives every name that only a caller can fill. Without it such names are undeclared binds. */
  readonly onInput?: (name: string) => readonly [input: string, members: readonly string[]];
}

/**
 * Compiles a template of a valid document.
 *
 * @throws TypeError for a template that validation refuses
 */
export function compileTemplate(text: string, context: TemplateContext, syntax: TemplateSyntax = "double"): Template {
  const bare = context.bareNames ? context.scope.bareReference(text) : undefined;
  if (bare !== undefined) return { text, parts: [bare] };
  if (!text.includes("{")) return { text, parts: [text] };
  const parsed = parseTemplate(text, syntax);
  if (!parsed.ok) throw new TypeError(`Invalid template ${text}: ${parsed.reason}`);
  const parts = parsed.parts.map(
    (part): TemplatePart => (typeof part === "string" ? part : resolveReference(part.name, context)),
  );
  return { text, parts };
}

/** Resolves a name. Binds come first, so that a caller's argument never replaces a secret (language chapter 4.3). */
export function resolveReference(name: string, { scope, fixed, onInput }: TemplateContext): Reference {
  const found = scope.bindReference(name) ?? fixed?.(name);
  if (found !== undefined) return found;
  if (onInput === undefined) return scope.undeclared(name);
  const [input, members] = onInput(name);
  return { kind: "input", name: input, members };
}
