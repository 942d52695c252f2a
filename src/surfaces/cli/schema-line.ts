import { existsSync } from "node:fs";
import path from "node:path";

/** Schema of the newest form of the language, in the package. */
const NEWEST_SCHEMA = "published-ikanos.schema.json";

/** Schema of the form that new files are written in: it has what naftiko reads besides the specification. */
const SCHEMA = "naftiko.schema.json";

/** Where editors find the schema of a published version if the package is not installed beside the file. */
const SCHEMA_ADDRESS = `https://unpkg.com/naftiko/schema/${SCHEMA}`;

/** The line by which an editor with a YAML language server finds the schema of a file. */
const SCHEMA_LINE = /^#[ \t]*yaml-language-server:[ \t]*\$schema=\S*/m;

/**
 * Returns the text of a capability file in the newest form with the line for its schema. A line that names a schema of the
 * package for the older form names that of the newest; any other stays. Without a line, one is put first if the package
 * is installed in the file's folder or above it: a path that leads nowhere would only make an editor complain.
 *
 * @param file absolute path
 */
export function withSchemaLine(text: string, file: string): string {
  const [line] = SCHEMA_LINE.exec(text) ?? [];
  if (line !== undefined)
    return text.replace(SCHEMA_LINE, () => line.replace(/(?:published-)?naftiko\.schema\.json$/, NEWEST_SCHEMA));
  const schema = schemaBeside(file, NEWEST_SCHEMA);
  if (schema === undefined) return text;
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? "\n";
  return `${mark}# yaml-language-server: $schema=${schema}${lineBreak}${text.slice(mark.length)}`;
}

/**
 * Returns the line for the schema of a new capability file.
 *
 * @param file absolute path
 */
export function schemaLine(file: string): string {
  return `# yaml-language-server: $schema=${schemaBeside(file, SCHEMA) ?? SCHEMA_ADDRESS}\n`;
}

/** Returns the path of a schema from a file's folder, where editors start from. */
function schemaBeside(file: string, schema: string): string | undefined {
  const inner = path.join("node_modules", "naftiko", "schema", schema);
  let up = ".";
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, inner))) return `${up}/${inner.split(path.sep).join("/")}`;
    if (folder === path.dirname(folder)) return undefined;
    up = up === "." ? ".." : `${up}/..`;
  }
}
