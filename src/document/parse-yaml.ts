import { load } from "js-yaml";
import { CapabilityError, type Diagnostic } from "../error/capability-error.ts";
import { coreSchema } from "./core-schema.ts";
import { lineText } from "./source-positions.ts";

/**
 * Node properties (anchors, aliases, tags), explicit keys and directives: where the two parsers may disagree, or where
 * `yaml` alone counts alias expansions. They never occur in published files; a false alarm only costs time. Each branch starts
 * with the rare character and looks behind from there: that is four times as fast as looking ahead from every space.
 */
const NEEDS_FULL_PARSER =
  /[&*!](?<=(?:^|[\s,[{:-])[&*!])[^\s*&]|\?(?<=^[ -]*\?)(?:\s|$)|%(?<=^%)|\.\.\.(?<=^\.\.\.)|<<|\t/m;

/** Aliases that one document may expand to; more is a resource exhaustion attack ("billion laughs"). */
const MAX_ALIASES = 100;

const MAX_SYNTAX_ERRORS = 50;

/**
 * Parses one YAML 1.2 document (core schema) to plain JSON values.
 *
 * js-yaml reads the common case, at a tenth of the time `yaml` takes. What it refuses, and text in which the two could
 * differ, goes to `yaml`, whose verdict and positions count.
 *
 * @throws CapabilityError `CAPABILITY_INVALID` with every syntax error and its position
 */
export async function parseYaml(text: string, file: string): Promise<unknown> {
  if (!NEEDS_FULL_PARSER.test(text)) {
    try {
      return load(text, { schema: coreSchema });
    } catch {
      // Decided below, by the parser whose messages carry positions.
    }
  }
  return parseWithPositions(text, file);
}

async function parseWithPositions(text: string, file: string): Promise<unknown> {
  const { LineCounter, parseAllDocuments } = await import("yaml");
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, prettyErrors: false, uniqueKeys: true });
  const [document] = documents;
  if (document === undefined || !("toJS" in document)) return null;

  const problems: { message: string; offset: number }[] = document.errors.map(error => ({
    message: error.message,
    offset: error.pos[0],
  }));
  const second = documents[1];
  if (second !== undefined) {
    problems.push({ message: "The file holds more than one YAML document", offset: second.range[0] });
  }
  if (problems.length === 0) {
    try {
      return document.toJS({ maxAliasCount: MAX_ALIASES });
    } catch (error) {
      problems.push({ message: (error as Error).message, offset: 0 });
    }
  }
  const diagnostics = problems.slice(0, MAX_SYNTAX_ERRORS).map(({ message, offset }): Diagnostic => {
    const { line, col } = lineCounter.linePos(offset);
    const source = { file, line: Math.max(line, 1), column: Math.max(col, 1), text: lineText(text, line) };
    return { severity: "error", rule: "yaml", message, pointer: "", source };
  });
  const [first] = diagnostics;
  throw new CapabilityError("CAPABILITY_INVALID", {
    message: `Cannot read ${file} as YAML: ${first?.message ?? "unknown error"}`,
    details: { diagnostics, omitted: problems.length - diagnostics.length },
    source: first?.source,
  });
}
