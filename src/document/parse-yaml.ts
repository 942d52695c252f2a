import { CapabilityError, type Diagnostic } from "../error/capability-error.ts";
import { parseBlockYaml } from "./parse-block-yaml.ts";
import { lineText } from "./source-positions.ts";

/** Aliases that one document may expand to; more is a resource exhaustion attack ("billion laughs"). */
const MAX_ALIASES = 100;

const MAX_SYNTAX_ERRORS = 50;

/**
 * Parses one YAML 1.2 document (core schema) to plain JSON values.
 *
 * The common part is read at a tenth of the time that the package `yaml` takes; everything else, and whatever is wrong,
 * is that package's, whose verdict and positions count.
 *
 * @throws CapabilityError `CAPABILITY_INVALID` with every syntax error and its position
 */
export async function parseYaml(text: string, file: string): Promise<unknown> {
  const common = parseBlockYaml(text);
  if (common !== undefined) return common.value;
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
