import { CapabilityError, type Diagnostic } from "../../base/capability-error.ts";
import type { NumberForm } from "../../base/numbers/exact-number.ts";
import { composeYaml, type YamlProblem } from "./compose-yaml.ts";
import { MAX_FULL_PARSE_LENGTH } from "./document.ts";
import { LineIndex } from "./line-index.ts";
import { hasUnquotedBraces, QUOTE_BRACES } from "./unquoted-braces.ts";
import { yamlValue } from "./yaml-value.ts";

const MAX_SYNTAX_ERRORS = 50;

type Problem = Pick<YamlProblem, "message" | "offset">;

/**
 * Parses one YAML 1.2 document (core schema) with the package `yaml`, to plain JSON values.
 *
 * @param unplainOffset where the text stops being common block YAML
 * @throws CapabilityError `CAPABILITY_INVALID` with every syntax error and its position
 */
export function parseAllYaml(
  text: string,
  file: string,
  { unplainOffset, numbers }: { readonly unplainOffset: number; readonly numbers: NumberForm | undefined },
): unknown {
  if (text.length > MAX_FULL_PARSE_LENGTH) {
    const message = `The file is larger than ${MAX_FULL_PARSE_LENGTH / 1024 / 1024} MiB, and this is not plain block YAML`;
    throw syntaxError(file, text, [{ message, offset: unplainOffset }]);
  }
  const { document, problems: found } = composeYaml(text);
  const problems = withoutEchoes(found.toSorted((a, b) => a.offset - b.offset));
  if (problems.length > 0) throw syntaxError(file, text, problems);
  if (document === undefined) return null;
  try {
    return yamlValue(document, text, { numbers });
  } catch (error) {
    throw syntaxError(file, text, [{ message: `The file ${(error as Error).message}`, offset: 0 }]);
  }
}

/** Drops what follows from the first mistake: behind a token that does not fit, the parser reports every further one. */
function withoutEchoes(problems: readonly YamlProblem[]): YamlProblem[] {
  const first = problems.findIndex(({ code }) => code === "UNEXPECTED_TOKEN");
  return problems.filter(({ code }, index) => code !== "UNEXPECTED_TOKEN" || index === first);
}

function syntaxError(file: string, text: string, problems: readonly Problem[]): CapabilityError {
  const lines = new LineIndex(text);
  const diagnostics = problems.slice(0, MAX_SYNTAX_ERRORS).map(({ message, offset }): Diagnostic => {
    const source = lines.location(file, offset);
    const advice = hasUnquotedBraces(source.text, source.column) ? `; ${QUOTE_BRACES}` : "";
    return { severity: "error", rule: "yaml", message: message + advice, pointer: "", source };
  });
  const [first] = diagnostics;
  return new CapabilityError("CAPABILITY_INVALID", {
    message: `Cannot read ${file} as YAML: ${first?.message}`,
    details: { diagnostics, omitted: problems.length - diagnostics.length },
    source: first?.source,
  });
}
