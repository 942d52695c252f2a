import { CapabilityError } from "../../base/capability-error.ts";
import { withoutByteOrderMark } from "../../base/files/file-text.ts";
import { isObject } from "../../base/json-object.ts";
import { Description, type FileOrReason, isReference } from "./description.ts";
import type { DescriptionFile } from "./description-file.ts";
import { foreignText, recogniseDescription } from "./description-kind.ts";
import { parseDescription } from "./parse-description.ts";
import { splitReference } from "./reference.ts";
import { swaggerShape } from "./upgrade-swagger.ts";

/** A text, and where it came from: absolute path, or URL after redirects. */
export interface LocatedText {
  readonly text: string;
  readonly location: string;
}

/**
 * Reads the text of one file of a description. Rejects with the reason why it cannot.
 *
 * @param location absolute path, or URL
 */
export type ReadText = (location: string) => Promise<LocatedText>;

/** Most files that a description refers to. */
const MOST_FILES = 500;
/** Most characters of all files that a description refers to. */
const MOST_CHARACTERS = 64 * 1024 * 1024;
/** Files that are read at the same time. */
const AT_ONCE = 8;

/**
 * Reads a description of an API: the file itself, and every file that its references lead to. One of those that cannot be
 * read costs the references to it, and no more.
 *
 * @param asked absolute path, or URL
 * @param read reads files and URLs, and refuses those that may not be read
 * @throws CapabilityError `DESCRIPTION_INVALID` if it is no description, or describes no operations
 */
export async function readDescription(asked: string, read: ReadText): Promise<Description> {
  const { text: marked, location } = await read(asked);
  const text = withoutByteOrderMark(marked);
  const file = { location, text, value: await parse(text, location) };
  const recognised = recogniseDescription(file.value);
  if (!recognised.ok) throw invalid(location, foreignText(text) ?? recognised.reason);
  const { version } = recognised;
  const files = await referredFiles(file, read);
  return new Description(file, version, files, version === "2.0" ? swaggerShape : undefined);
}

async function parse(text: string, location: string): Promise<unknown> {
  try {
    return await parseDescription(text);
  } catch (error) {
    throw invalid(location, foreignText(text) ?? (error as Error).message);
  }
}

function invalid(location: string, reason: string): CapabilityError {
  return new CapabilityError("DESCRIPTION_INVALID", {
    message: `Cannot import ${location}: ${reason}`,
    details: { location },
  });
}

/** Reads all files that references lead to, each once. */
async function referredFiles(root: DescriptionFile, read: ReadText): Promise<Map<string, FileOrReason>> {
  const files = new Map<string, FileOrReason>([[root.location, root]]);
  let characters = 0;
  const readFile = async (location: string): Promise<FileOrReason> => {
    if (characters > MOST_CHARACTERS)
      return { reason: `all files together are larger than ${MOST_CHARACTERS / 1024 / 1024} MiB` };
    try {
      const found = await read(location);
      const text = withoutByteOrderMark(found.text);
      characters += text.length;
      return { location: found.location, text, value: await parseDescription(text) };
    } catch (error) {
      return { reason: (error as Error).message };
    }
  };
  let found: readonly DescriptionFile[] = [root];
  while (found.length > 0) {
    const locations = new Set(found.flatMap(locationsIn).filter(location => !files.has(location)));
    const wanted = [...locations];
    const next: DescriptionFile[] = [];
    while (wanted.length > 0) {
      const batch = wanted.splice(0, AT_ONCE);
      const read = await Promise.all(
        batch.map(location =>
          files.size < MOST_FILES ? readFile(location) : { reason: `more than ${MOST_FILES} files are referred to` },
        ),
      );
      for (const [index, file] of read.entries()) {
        files.set(batch[index] as string, file);
        if (!("reason" in file)) next.push(file);
      }
    }
    found = next;
  }
  return files;
}

/** What follows `$ref` in a reference to another file. */
const OUTWARD = /["']?\s*:\s*(?:["']\s*)?[^\s"'#]/y;

/** Tells whether a text may refer to other files. Most have no such reference, which the text tells sooner than a walk. */
function isOutward(text: string): boolean {
  for (let index = text.indexOf("$ref"); index >= 0; index = text.indexOf("$ref", index + 4)) {
    OUTWARD.lastIndex = index + 4;
    if (OUTWARD.test(text)) return true;
  }
  return false;
}

/** Members whose values are examples and not parts of the description. */
const EXAMPLES: ReadonlySet<string> = new Set(["const", "default", "enum", "example", "value"]);

/** Members whose value has members of any name. */
const NAMED: ReadonlySet<string> = new Set([
  "$defs",
  "callbacks",
  "content",
  "definitions",
  "dependentSchemas",
  "encoding",
  "examples",
  "headers",
  "links",
  "parameters",
  "pathItems",
  "paths",
  "patternProperties",
  "properties",
  "requestBodies",
  "responses",
  "schemas",
  "securitySchemes",
]);

/** Returns the locations that the references of a file lead to. */
function locationsIn(file: DescriptionFile): string[] {
  if (!isOutward(file.text)) return [];
  const found = new Set<string>();
  const seen = new Set<unknown>();
  const open: { readonly value: unknown; readonly isNamed: boolean }[] = [{ value: file.value, isNamed: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, isNamed } = next;
    if (!isObject(value) || seen.has(value)) continue;
    seen.add(value);
    if (isReference(value)) {
      const location = splitReference(value.$ref, file.location)?.location;
      if (location !== undefined && location !== file.location) found.add(location);
    }
    for (const [name, member] of Object.entries(value)) {
      if (!isNamed && !Array.isArray(value) && (EXAMPLES.has(name) || name.startsWith("x-"))) continue;
      // The examples of a schema are a list of any values.
      if (name === "examples" && Array.isArray(member)) continue;
      open.push({ value: member, isNamed: !isNamed && NAMED.has(name) });
    }
  }
  return [...found];
}
