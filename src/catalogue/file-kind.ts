import { closeSync, openSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { suggest } from "../base/did-you-mean.ts";
import { withoutByteOrderMark } from "../base/files/file-text.ts";
import { CONFIG_FILE } from "../language/overlays/find-config.ts";

/** Kind of a YAML file. `other`: nothing of ours, named where it is known. */
type FileKind =
  | { readonly kind: "capability" | "configuration" | "recording" }
  | { readonly kind: "other"; readonly title: string | undefined };

/** Enough for the keys at the root of files that people write, which begin with them. */
const SNIFFED_BYTES = 1024 * 1024;
const MOST_KEYS = 100;

/**
 * Tells the kind of a file by the keys at its root. The text is not parsed: it may be of any size, and of another
 * language.
 *
 * @param file absolute path
 * @returns the kind `capability` too for a file that cannot be read: its error then says why
 */
export function kindOfFile(file: string): FileKind {
  const name = path.basename(file);
  if (name === CONFIG_FILE) return { kind: "configuration" };
  const text = beginningOf(file);
  return text === undefined ? { kind: "capability" } : kindOfText(text);
}

/** Tells the kind of a text, or of its beginning, as {@link kindOfFile} does. */
export function kindOfText(text: string): FileKind {
  const keys = rootKeys(text);
  if (isConfiguration(keys)) return { kind: "configuration" };
  if (keys.has("interactions")) return { kind: "recording" };
  const title = FOREIGN.find(({ all }) => all.every(key => keys.has(key)))?.title;
  if (title !== undefined && !SECTIONS.some(key => keys.has(key))) return { kind: "other", title };
  return isOurs(keys) ? { kind: "capability" } : { kind: "other", title: undefined };
}

/** Keys at the root of a capability. One of them is enough, or a slip of one, so that no file of ours is skipped. */
const SECTIONS = ["naftiko", "ikanos", "capability", "consumes", "exposes", "aggregates", "binds"] as const;

function isOurs(keys: ReadonlySet<string>): boolean {
  return [...keys].some(key => suggest(key, SECTIONS).length > 0);
}

const CONFIG_KEYS: ReadonlySet<string> = new Set(["$schema", "capabilities", "profiles", "validate"]);

function isConfiguration(keys: ReadonlySet<string>): boolean {
  return keys.size > 0 && [...keys].every(key => CONFIG_KEYS.has(key)) && !(keys.size === 1 && keys.has("$schema"));
}

/** Files of others that lie beside capabilities, by keys at their root. */
const FOREIGN: readonly { readonly title: string; readonly all: readonly string[] }[] = [
  { title: "an OpenAPI description", all: ["openapi"] },
  { title: "a Swagger description", all: ["swagger"] },
  { title: "an AsyncAPI description", all: ["asyncapi"] },
  { title: "an Arazzo workflow", all: ["arazzo"] },
  { title: "a workflow of GitHub Actions", all: ["on", "jobs"] },
  { title: "a Kubernetes resource", all: ["apiVersion", "kind"] },
  { title: "a Docker Compose file", all: ["services"] },
];

/** Returns the beginning of a file as text, or `undefined` if it cannot be read. */
function beginningOf(file: string): string | undefined {
  try {
    // Opening a pipe would wait for its writer.
    if (!statSync(file).isFile()) return undefined;
    const descriptor = openSync(file, "r");
    try {
      const bytes = Buffer.alloc(SNIFFED_BYTES);
      const text = bytes.subarray(0, readSync(descriptor, bytes, 0, SNIFFED_BYTES, 0));
      return text[0] === 0xff && text[1] === 0xfe ? text.toString("utf16le") : text.toString("utf8");
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/** Lines without content, and a brace. A line break has one place in it, so that reading takes one pass. */
const BEFORE_BRACE = /^(?:[^\S\n]*(?:#[^\n]*)?\n|---[^\n]*\n)*[^\S\n]*\{/;

/** Returns the keys that stand at the left edge, or in the braces of the first lines. */
function rootKeys(text: string): ReadonlySet<string> {
  const start = withoutByteOrderMark(text);
  const flow = BEFORE_BRACE.exec(start.slice(0, 10_000));
  if (flow !== null) return flowKeys(start.slice(flow[0].length, flow[0].length + 10_000));
  const keys = new Set<string>();
  for (let from = 0; from < start.length && keys.size < MOST_KEYS; ) {
    const end = start.indexOf("\n", from);
    const line = start.slice(from, end < 0 ? start.length : Math.min(end, from + 200));
    const key = /^["']?([\w$][\w$.-]*)["']?[ \t]*:(?=\s|$)/.exec(line)?.[1];
    if (key !== undefined) keys.add(key);
    if (end < 0) break;
    from = end + 1;
  }
  return keys;
}

/** Returns the keys of an object in braces, as far as the text goes. */
function flowKeys(text: string): ReadonlySet<string> {
  const keys = new Set<string>();
  let depth = 0;
  for (const [, quoted, plain, open, close] of text.matchAll(
    /"((?:[^"\\]|\\.)*)"(?=\s*:)|([\w$][\w$.-]*)(?=\s*:\s)|"(?:[^"\\]|\\.)*"|'[^']*'|([[{])|([\]}])/g,
  )) {
    if (open !== undefined) depth++;
    if (close !== undefined) depth--;
    if (depth < 0) break;
    const key = quoted ?? plain;
    if (depth === 0 && key !== undefined) keys.add(key);
  }
  return keys;
}
