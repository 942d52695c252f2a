import { readSmallFile } from "../../../base/files/read-small-file.ts";
import type { BindReader } from "../bind-reader.ts";
import { fieldText } from "../field-text.ts";
import { findFile, parseFileLocation } from "./find-file.ts";
import { parseFields } from "./parse-fields.ts";

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
