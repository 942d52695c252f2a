import { existsSync } from "node:fs";
import path from "node:path";

/** Schema of the form that files are written in, in the package. */
const NEWEST_SCHEMA = "published-ikanos.schema.json";

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
  const schema = schemaBeside(file);
  if (schema === undefined) return text;
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? "\n";
  return `${mark}# yaml-language-server: $schema=${schema}${lineBreak}${text.slice(mark.length)}`;
}

/** Returns the path of the schema from a file's folder, where editors start from. */
function schemaBeside(file: string): string | undefined {
  const inner = path.join("node_modules", "naftiko", "schema", NEWEST_SCHEMA);
  let up = ".";
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, inner))) return `${up}/${inner.split(path.sep).join("/")}`;
    if (folder === path.dirname(folder)) return undefined;
    up = up === "." ? ".." : `${up}/..`;
  }
}
