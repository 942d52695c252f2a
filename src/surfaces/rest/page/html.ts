import { visibleText } from "../../../base/visible-text.ts";

/** Text of HTML, in which every value is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Part[] | undefined;

/** Writes HTML. Values become text, whose characters that mark up, or cannot be seen, are escaped; lists are joined. */
export function html(texts: TemplateStringsArray, ...values: readonly Part[]): Html {
  let text = texts[0] ?? "";
  for (const [index, value] of values.entries()) text += partText(value) + (texts[index + 1] ?? "");
  return new Html(text);
}

function partText(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(partText).join("");
  const text = String(part);
  return PLAIN.test(text) ? text : escapeText(visibleText(text));
}

/** Texts in which there is nothing to escape: most of a page. */
const PLAIN = /^[\w !#$%()*+,./:;=?@[\]^`{|}~-]*$/;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, character => ESCAPES[character] ?? "");
}
