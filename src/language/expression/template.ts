/**
 * Templates: text with `{{name}}` placeholders (language chapter 4). Only variable tags exist. Parsing never evaluates
 * anything; what a name stands for is decided when the capability is compiled.
 */

/** A piece of a template: literal text, or the name between the braces. */
export type TemplatePart = string | { readonly name: string };

type TemplateResult =
  | { readonly ok: true; readonly parts: readonly TemplatePart[] }
  | { readonly ok: false; readonly reason: string };

/** `double`: only `{{x}}`, for text in which single braces are ordinary. `path`: `{x}` and `{{x}}` alike. */
export type TemplateSyntax = "double" | "path";

/** First characters of tags that other template engines know (sections, partials, unescaped values, comments). */
const FOREIGN_TAG = /^[#^/>!=&{]/;

/** The next placeholder of a path. A name holds no brace, so that a brace too many never makes one long name of two. */
const IN_PATH = /\{\{([^{}]*)\}\}|\{([^{}]*)\}/g;

/**
 * Splits `text` at its placeholders. Spaces inside the braces are trimmed. Braces that make no placeholder are literal
 * text: one without its counterpart, and in a path a single pair with nothing in it. Of nested braces in a path the
 * innermost count.
 */
export function parseTemplate(text: string, syntax: TemplateSyntax): TemplateResult {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const tag of syntax === "path" ? tagsInPath(text) : doubleTags(text)) {
    if (tag.double && FOREIGN_TAG.test(tag.name)) {
      return { ok: false, reason: `"{{${tag.name}}}" is not a variable; only {{name}} is known` };
    }
    if (tag.name === "") {
      if (tag.double) return { ok: false, reason: "a placeholder has no name" };
      continue;
    }
    if (tag.start > end) parts.push(text.slice(end, tag.start));
    parts.push({ name: tag.name });
    end = tag.end;
  }
  if (end < text.length) parts.push(text.slice(end));
  return { ok: true, parts };
}

/** Braces and the text between them, which stand at `start` and end before `end`. */
interface Tag {
  readonly name: string;
  readonly double: boolean;
  readonly start: number;
  readonly end: number;
}

function* doubleTags(text: string): Generator<Tag> {
  // Without this, every opening pair would search a text without closing pairs to its end.
  const last = text.lastIndexOf("}}");
  let start = text.indexOf("{{");
  while (start >= 0 && start + 2 <= last) {
    const close = text.indexOf("}}", start + 2);
    yield { name: text.slice(start + 2, close).trim(), double: true, start, end: close + 2 };
    start = text.indexOf("{{", close + 2);
  }
}

function* tagsInPath(text: string): Generator<Tag> {
  for (const match of text.matchAll(IN_PATH)) {
    const [written, double, single = ""] = match;
    const { index: start } = match;
    // The braces of other template engines that keep a value unescaped.
    const triple = double !== undefined && text[start - 1] === "{" && text[start + written.length] === "}";
    const name = triple ? `{${double.trim()}}` : (double ?? single).trim();
    yield { name, double: double !== undefined, start, end: start + written.length };
  }
}
