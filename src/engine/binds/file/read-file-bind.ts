import path from "node:path";
import { readSmallFile } from "../../../base/files/read-small-file.ts";
import { parseDotenv } from "../../../base/parse-dotenv.ts";
import { parseJson } from "../../../base/parse-json.ts";
import type { BindReader } from "../bind-reader.ts";
import { fieldsOf, fieldText } from "../field-text.ts";
import type { SecretFields } from "../shared-reads.ts";
import { findFile, parseFileLocation } from "./find-file.ts";

/** Reads a variable from a YAML, JSON or `.env` file. */
export const readFileBind: BindReader = async (variable, surroundings) => {
  const location = parseFileLocation(variable.location);
  if (location === undefined) throw new Error("it is not the path of a file");
  const file = await findFile(location, variable, surroundings);
  const fields = await parseFields(file, await readSmallFile(file));
  try {
    return fieldText(fields, variable.key);
  } catch (error) {
    throw new Error(`in ${file}, ${(error as Error).message}`);
  }
};

/**
 * Reads the values in a file by key: YAML by its suffix, variables for `.env`, else JSON (language chapter 3).
 *
 * @throws Error with the problem and its place, without quoting the file
 */
async function parseFields(file: string, text: string): Promise<SecretFields> {
  if (/\.ya?ml$/i.test(file)) return parseYamlFields(file, text);
  if (/(?:^|\.)env$/i.test(path.basename(file)) && !text.trimStart().startsWith("{")) return parseDotenv(text);
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(`${file} is not JSON: ${parsed.reason}`);
  const { value } = parsed;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw noMap(file);
  return fieldsOf(value);
}

async function parseYamlFields(file: string, text: string): Promise<SecretFields> {
  const { isAlias, isMap, isScalar, LineCounter, parseDocument } = await import("yaml");
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true, logLevel: "silent", lineCounter });
  const [error] = document.errors;
  if (error !== undefined) {
    // The parser's message may quote the file.
    const { line, col } = lineCounter.linePos(error.pos[0]);
    const problem = error.code.toLowerCase().replaceAll("_", " ");
    throw new Error(`${file} is not YAML: ${problem} at line ${line}, column ${col}`);
  }
  const { contents } = document;
  if (!isMap(contents)) throw noMap(file);
  const fields = new Map<string, unknown>();
  for (const { key, value } of contents.items) {
    if (!isScalar(key)) continue;
    const node = isAlias(value) ? value.resolve(document) : value;
    fields.set(String(key.source ?? key.value), isScalar(node) ? scalarValue(node) : isMap(node) ? {} : []);
  }
  return fields;
}

/** Returns the value of a scalar, a number as it is written: a secret must not lose a digit. */
function scalarValue({ value, source }: { readonly value: unknown; readonly source?: string }): unknown {
  return typeof value === "number" || typeof value === "bigint" ? (source ?? String(value)) : value;
}

function noMap(file: string): Error {
  return new Error(`${file} does not hold values by key`);
}
