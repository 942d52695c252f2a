/**
 * Templates: text with `{{name}}` placeholders (language chapter 4). Only variable tags exist. Parsing never evaluates
 * anything; what a name stands for is decided when the capability is compiled.
 */

/** A piece of a template: literal text, or the name between the braces. */
export type TemplatePart = string | { readonly name: string };

export type TemplateResult =
  | { readonly ok: true; readonly parts: readonly TemplatePart[] }
  | { readonly ok: false; readonly reason: string };

/** `double`: only `{{x}}`, for text in which single braces are ordinary. `path`: `{x}` and `{{x}}` alike. */
export type TemplateSyntax = "double" | "path";

/** First characters of tags that other template engines know (sections, partials, unescaped values, comments). */
const FOREIGN_TAG = /^[#^/>!=&{]/;

/**
 * Splits `text` at its placeholders. An opening brace without its closing brace is literal text. Spaces inside the
 * braces are trimmed.
 */
export function parseTemplate(text: string, syntax: TemplateSyntax): TemplateResult {
  const parts: TemplatePart[] = [];
  let literalStart = 0;
  let position = text.indexOf("{");
  while (position >= 0) {
    const double = text.startsWith("{{", position);
    if (!double && syntax === "double") {
      position = text.indexOf("{", position + 1);
      continue;
    }
    const open = double ? 2 : 1;
    const end = text.indexOf(double ? "}}" : "}", position + open);
    if (end < 0) break;
    const name = text.slice(position + open, end).trim();
    if (double && FOREIGN_TAG.test(name)) {
      return { ok: false, reason: `"{{${name}}}" is not a variable; only {{name}} is known` };
    }
    if (name === "") return { ok: false, reason: "a placeholder has no name" };
    if (position > literalStart) parts.push(text.slice(literalStart, position));
    parts.push({ name });
    literalStart = end + open;
    position = text.indexOf("{", literalStart);
  }
  if (literalStart < text.length) parts.push(text.slice(literalStart));
  return { ok: true, parts };
}
