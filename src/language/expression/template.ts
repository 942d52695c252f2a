/**
 * Templates are text with `{{name}}` placeholders (language chapter 4). They have no other tags. Parsing evaluates
 * nothing; compilation decides what a name stands for.
 */

/** A piece of a template: literal text, or the name between the braces. */
export type TemplatePiece = string | { readonly name: string };

type TemplateResult =
  | { readonly ok: true; readonly parts: readonly TemplatePiece[] }
  | { readonly ok: false; readonly reason: string };

/** `double`: only `{{x}}`, for text in which single braces are ordinary. `path`: `{x}` and `{{x}}` alike. */
export type TemplateSyntax = "double" | "path";

/** First characters of tags that other template engines know (sections, partials, unescaped values, comments). */
const FOREIGN_TAG = /^[#^/>!=&{]/;

/** Next placeholder of a path. A name holds no brace, so that an extra brace never joins two names. */
const IN_PATH = /\{\{([^{}]*)\}\}|\{([^{}]*)\}/g;

/**
 * Splits `text` at its placeholders. Spaces inside the braces are trimmed. Other braces are literal text: a brace
 * without its counterpart, and in a path a single pair around nothing. In a path, the innermost of nested braces count.
 */
export function parseTemplate(text: string, syntax: TemplateSyntax): TemplateResult {
  const parts: TemplatePiece[] = [];
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

/** Pair of braces with the text between, from `start` to before `end`. */
interface Tag {
  readonly name: string;
  readonly double: boolean;
  readonly start: number;
  readonly end: number;
}

function* doubleTags(text: string): Generator<Tag> {
  // Without this limit, every opening pair would search to the end of a text without closing pairs.
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
    // Triple braces: other template engines keep a value unescaped by them.
    const triple = double !== undefined && text[start - 1] === "{" && text[start + written.length] === "}";
    const name = triple ? `{${double.trim()}}` : (double ?? single).trim();
    yield { name, double: double !== undefined, start, end: start + written.length };
  }
}
