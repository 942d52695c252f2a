import { readFile } from "node:fs/promises";
import { changeFile, replaceText } from "../../../base/files/change-file.ts";
import { markedFileText } from "../../../base/files/file-text.ts";
import { parseDotenv } from "../../../base/parse-dotenv.ts";

const HEAD = "# Variables that the capabilities need. Copy this file to .env, and keep that out of version control.\n";

/**
 * Adds variables without values to a file that shows which ones there are. Those that it has stay as they are.
 *
 * @returns the variables that were added
 * @throws Error with the reason if the file cannot be read or written
 */
export async function addExampleVariables(file: string, variables: readonly string[]): Promise<readonly string[]> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const before = bytes && markedFileText(bytes);
  const { text, added } = withVariables(before ?? HEAD, variables);
  if (added.length === 0) return added;
  if (before === undefined) await changeFile(file, now => withVariables(now ?? HEAD, variables).text);
  else await replaceText(file, before, text);
  return added;
}

function withVariables(text: string, variables: readonly string[]): { text: string; added: readonly string[] } {
  const present = parseDotenv(text);
  const added = variables.filter(variable => !present.has(variable));
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  const start = text === "" || text.endsWith("\n") ? text : text + lineBreak;
  return { text: start + added.map(variable => `${variable}=${lineBreak}`).join(""), added };
}
