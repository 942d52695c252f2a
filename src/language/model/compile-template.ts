import { parseTemplate, type TemplateSyntax } from "../expression/template.ts";
import type { BindScope } from "./bind-scope.ts";
import type { Reference, Template, TemplatePart } from "./types.ts";

export interface TemplateContext {
  readonly scope: BindScope;
  /** Whether a text that equals a declared variable's name is a reference (language chapter 3, rule 6). */
  readonly bareNames?: boolean;
  /** Returns the meaning of the name of a parameter with a value in the file. */
  readonly fixed?: (name: string) => Reference | undefined;
  /**
   * Receives every name that only a caller can fill, and returns the input, or `undefined` for a name that no input
   * may have. Without it such names are undeclared binds.
   */
  readonly onInput?: (name: string) => readonly [input: string, members: readonly string[]] | undefined;
}

/**
 * Compiles a template of a valid document.
 *
 * @throws TypeError for a template that validation refuses
 */
export function compileTemplate(text: string, context: TemplateContext, syntax: TemplateSyntax = "double"): Template {
  const bare = context.bareNames ? context.scope.bareReference(text) : undefined;
  if (bare !== undefined) return { text, parts: [bare] };
  // No call may send it, so that nobody takes the text for the variable.
  const mistaken = syntax === "path" ? undefined : mistakenIn(text, context);
  if (mistaken !== undefined) return { text, parts: [mistaken] };
  if (!text.includes("{")) return { text, parts: [text] };
  const parsed = parseTemplate(text, syntax);
  if (!parsed.ok) throw new TypeError(`Invalid template ${text}: ${parsed.reason}`);
  const parts = parsed.parts.map(
    (part): TemplatePart => (typeof part === "string" ? part : resolveReference(part.name, context)),
  );
  return { text, parts };
}

/** Returns the reference that a text looks like, and that is none. Where bare names count, more texts look like one. */
export function mistakenIn(text: string, { scope, bareNames }: TemplateContext): Reference | undefined {
  return bareNames ? scope.names.mistakenIn(text) : scope.names.unclosedIn(text);
}

/** Resolves a name. Binds come first, so that a caller's argument never replaces a secret (language chapter 4.3). */
export function resolveReference(name: string, { scope, fixed, onInput }: TemplateContext): Reference {
  const found = scope.bindReference(name) ?? fixed?.(name);
  if (found !== undefined) return found;
  const given = onInput?.(name);
  if (given === undefined) return scope.undeclared(name);
  const [input, members] = given;
  return { kind: "input", name: input, members };
}
