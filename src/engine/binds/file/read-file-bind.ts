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
  if (/\.ya?ml$/i.test(file)) {
    const { readYamlFields } = await import("./read-yaml-fields.ts");
    const fields = readYamlFields(file, text);
    if (fields === undefined) throw noMap(file);
    return fields;
  }
  if (/(?:^|\.)env$/i.test(path.basename(file)) && !text.trimStart().startsWith("{")) return parseDotenv(text);
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(`${file} is not JSON: ${parsed.reason}`);
  const { value } = parsed;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw noMap(file);
  return fieldsOf(value);
}

function noMap(file: string): Error {
  return new Error(`${file} does not hold values by key`);
}
