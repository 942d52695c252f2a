import { usageError } from "../../usage-error.ts";
import { basicCredentials, hasContentType, hasDotSegments, type Pieces, type ShownRequest } from "../pieces.ts";
import { bodyCommand, ShellWords } from "../shell-words.ts";
import type { ShowForm } from "../show-form.ts";

/** Writes a command of HTTPie 3 (`http`), which adds an `accept-encoding` of its own to every request. */
export const httpie: ShowForm = request => {
  const words = new ShellWords();
  const { method, url, headers, body } = request;
  const input = body === undefined ? undefined : bodyCommand(body, words);
  // Without it HTTPie takes standard input as the body unless it is a terminal.
  const start = `http${input === undefined ? " --ignore-stdin" : ""}${hasDotSegments(url) ? " --path-as-is" : ""} ${method} ${words.word(url)}`;
  const options = headers.map(([name, value]) => headerItem(name, value, words));
  if (body !== undefined) options.push(...bodyItems(request, input !== undefined, words));
  return `${words.definitions()}${input === undefined ? "" : `${input} | `}${[start, ...options].join(" \\\n  ")}`;
};

function headerItem(name: string, value: Pieces, words: ShellWords): string {
  const credentials = basicCredentials(name, value);
  if (credentials !== undefined) return `--auth=${words.word(credentials)}`;
  // "name:" would omit the header.
  if (value.every(piece => piece === "")) return words.word([`${name};`]);
  const [first = "", ...rest] = value;
  const text = typeof first === "string" ? [escapeSeparators(name, first)] : [first];
  return words.word([
    `${name}:`,
    ...text,
    ...rest.map(piece => (typeof piece === "string" ? checked(name, piece) : piece)),
  ]);
}

/** Escapes the first character, which would give the colon another meaning: `:=` is JSON, `:@` a file. */
function escapeSeparators(name: string, text: string): string {
  return checked(name, text).replace(/^[=@]/, "\\$&");
}

/** Refuses a backslash before a separator, which HTTPie cannot send, and characters beyond ASCII, which become UTF-8. */
function checked(name: string, text: string): string {
  if (!/\\[:=@;]|[^\t -~]/.test(text)) return text;
  throw usageError(
    `Cannot show the call for HTTPie, which cannot send the value of the header ${JSON.stringify(name)} as it is: use --dry-run=curl`,
  );
}

function bodyItems(request: ShownRequest, isPiped: boolean, words: ShellWords): string[] {
  const { body } = request;
  const items = hasContentType(request) ? [] : ["content-type:"];
  if (!isPiped && body !== undefined && !(body instanceof Uint8Array)) items.push(`--raw=${words.word(body)}`);
  return items;
}
