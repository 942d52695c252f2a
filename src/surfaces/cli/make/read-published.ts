import path from "node:path";
import { isCapabilityError } from "../../../base/capability-error.ts";
import { isJsonObject, objectsOf } from "../../../base/json-object.ts";
import { percentDecode } from "../../../base/percent-decoding.ts";
import { kindOfText } from "../../../catalogue/file-kind.ts";
import { fetchText } from "../../../engine/fetch-text.ts";
import { kinds } from "../../../engine/kinds.ts";
import type { OpenOptions } from "../../../engine/open-options.ts";
import { normalise } from "../../../language/document/dialect/normalise.ts";
import { invalidCapability, MAX_DOCUMENT_BYTES } from "../../../language/document/document.ts";
import { readImportEntry } from "../../../language/document/imports/import-entry.ts";
import { isImportEntry, SECTIONS, sectionLists } from "../../../language/document/imports/import-sections.ts";
import { parseSettledYaml } from "../../../language/document/parse-yaml.ts";
import { readDocumentText } from "../../../language/document/read-document.ts";
import type { CommandContext } from "../command-context.ts";
import { usageError } from "../usage-error.ts";
import { lockedPathProblem } from "./lock-file.ts";
import type { PublishedSource } from "./published-source.ts";

/** A file as its publisher has it. */
export interface PublishedFile {
  /** Path from the folder of the capability, with `/` between folders. */
  readonly name: string;
  readonly text: string;
  /** A URL or an absolute path. */
  readonly source: string;
}

/** Most files that one capability brings with it, and their characters. */
const MOST_FILES = 200;
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** A text with the URL, after redirects, or the absolute path that it was read from. */
interface LocatedText {
  readonly text: string;
  readonly location: string;
}

/**
 * Reads a capability from where it is published, and the files that it imports or names as schemas, as far as they are
 * below its folder: others it may not import. The capability comes first.
 *
 * @param name name of its file here
 * @throws CapabilityError for a text that is no capability, and for files that cannot be read
 */
export async function readPublished(
  source: PublishedSource,
  name: string,
  open: OpenOptions,
  context: CommandContext,
): Promise<readonly [PublishedFile, ...PublishedFile[]]> {
  const shown = source.kind === "url" ? source.url : source.file;
  const first = await readText(source, open, context);
  requireCapability(first.text, shown);
  const folder = folderOf(first.location, source.kind);
  const imports = new Map<string, PublishedFile>();
  const queue = await filesNamedIn(first, source.kind);
  let characters = first.text.length;
  for (const location of queue) {
    const inner = innerPath(location, folder, source.kind);
    if (inner === undefined || location === first.location || imports.has(inner)) continue;
    if (imports.size >= MOST_FILES || characters > MOST_CHARACTERS) {
      const most = `${MOST_FILES} files or ${MOST_CHARACTERS / 1024 / 1024} million characters`;
      throw usageError(`Cannot add ${shown}: it imports more than ${most}`);
    }
    const read = await readText(
      source.kind === "url" ? { kind: "url", url: location } : { kind: "file", file: location },
      open,
      context,
    );
    characters += read.text.length;
    imports.set(inner, { name: inner, text: read.text, source: location });
    if (isYaml(inner)) queue.push(...(await filesNamedIn(read, source.kind)));
  }
  return [{ name, text: first.text, source: shown }, ...imports.values()];
}

async function readText(source: PublishedSource, options: OpenOptions, context: CommandContext): Promise<LocatedText> {
  if (source.kind === "file") return { text: readDocumentText(source.file), location: source.file };
  const { env, cwd, signal } = context;
  const { text, url } = await fetchText(source.url, {
    options,
    env,
    cwd,
    signal,
    accept: "application/yaml, text/yaml, text/plain, */*;q=0.8",
    maxBytes: MAX_DOCUMENT_BYTES,
    allowsPlainHttp: false,
    leavesHost: false,
    namedOrigin: new URL(source.url).origin,
  });
  return { text, location: url };
}

/** Refuses texts of other kinds by name, with the command for those that this program reads. */
function requireCapability(text: string, source: string): void {
  const reason = otherKind(text, source);
  if (reason === undefined) return;
  const message = `This is not a capability: it is ${reason}`;
  throw invalidCapability({ file: source, name: source }, [
    { severity: "error", rule: "document", message, pointer: "" },
  ]);
}

function otherKind(text: string, source: string): string | undefined {
  if (/^\s*<(?:!doctype|html|head|body)\b/i.test(text)) return "an HTML page; add the address of the file itself";
  if (/^\s*</.test(text)) return "XML";
  const kind = kindOfText(text);
  if (kind.kind === "capability") return undefined;
  if (kind.kind !== "other") return `a ${kind.kind}`;
  if (kind.title === undefined) return undefined;
  const isDescription = /OpenAPI|Swagger/.test(kind.title);
  return isDescription ? `${kind.title}; naftiko import openapi ${source} makes a capability of it` : kind.title;
}

/** Returns the locations of the files that a document names, whether or not they are there. */
async function filesNamedIn({ text, location }: LocatedText, kind: PublishedSource["kind"]): Promise<string[]> {
  const value = await parsed(text, location);
  if (value === undefined) return [];
  return [...importsOf(value), ...schemasOf(value)].flatMap(reference => {
    const [, relative = reference] = /^file:\/{2,3}(\.{1,2}\/.*)$/is.exec(reference) ?? [];
    // Validation tells about locations of other kinds, which nothing may be imported from.
    if (/^[a-z][a-z\d+.-]+:|^[/\\]|\0/i.test(relative) || relative === "") return [];
    if (kind === "file") return [path.resolve(path.dirname(location), relative)];
    return URL.canParse(relative, location) ? [new URL(relative, location).href] : [];
  });
}

/** Returns the document in the form of the older generation, or `undefined` for a text that validation refuses. */
async function parsed(text: string, location: string): Promise<unknown> {
  try {
    const value = await parseSettledYaml(text.replaceAll("\r\n", "\n"), location);
    return normalise({ name: "published", value }).value;
  } catch (error) {
    if (isCapabilityError(error, "CAPABILITY_INVALID")) return undefined;
    throw error;
  }
}

function importsOf(value: unknown): string[] {
  const { imports } = isJsonObject(value) ? value : {};
  const files = Array.isArray(imports) ? imports.filter(file => typeof file === "string") : [];
  const entries = SECTIONS.flatMap(section =>
    sectionLists(value, section).flatMap(list =>
      list.entries.flatMap(entry => (isJsonObject(entry) && isImportEntry(section, entry) ? [entry] : [])),
    ),
  );
  const locations = entries.flatMap(entry => {
    const request = readImportEntry(entry);
    return typeof request === "string" ? [] : [request.location];
  });
  return [...files, ...locations];
}

/** Returns the schema files of operations whose raw format has one. */
function schemasOf(value: unknown): string[] {
  const operations = sectionLists(value, "consumes").flatMap(({ entries }) =>
    objectsOf(entries).flatMap(({ resources }) =>
      objectsOf(resources).flatMap(({ operations }) => objectsOf(operations)),
    ),
  );
  return operations.flatMap(({ outputRawFormat, outputSchema }) => {
    const name = typeof outputRawFormat === "string" ? outputRawFormat.toLowerCase() : "";
    const traits = Object.hasOwn(kinds.rawFormats, name) ? kinds.rawFormats[name] : undefined;
    return traits?.schema === "file" && typeof outputSchema === "string" ? [outputSchema] : [];
  });
}

function folderOf(location: string, kind: PublishedSource["kind"]): string {
  return kind === "url" ? new URL(".", location).href : path.join(path.dirname(location), path.sep);
}

/** Returns the path of a location below a folder, or `undefined` for one elsewhere. */
function innerPath(location: string, folder: string, kind: PublishedSource["kind"]): string | undefined {
  if (!location.startsWith(folder)) return undefined;
  const written = location.slice(folder.length);
  const inner = kind === "url" ? percentDecode(written.replace(/[?#].*$/s, "")) : written.split(path.sep).join("/");
  return lockedPathProblem(inner) === undefined ? inner : undefined;
}

function isYaml(name: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(name);
}
