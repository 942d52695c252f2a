import { CapabilityError, type Diagnostic } from "../../base/capability-error.ts";
import { composeYaml, type YamlProblem } from "./compose-yaml.ts";
import { MAX_FULL_PARSE_LENGTH } from "./document.ts";
import { duplicateKeys } from "./duplicate-keys.ts";
import { LineIndex } from "./line-index.ts";
import { yamlValue } from "./yaml-value.ts";

const MAX_SYNTAX_ERRORS = 50;

type Problem = Pick<YamlProblem, "message" | "offset">;

/**
 * Parses one YAML 1.2 document (core schema) by the package `yaml`, to plain JSON values.
 *
 * @param unplainOffset where the text goes beyond common block YAML
 * @throws CapabilityError `CAPABILITY_INVALID` with every syntax error and its position
 */
export async function parseAllYaml(text: string, file: string, unplainOffset: number): Promise<unknown> {
  if (text.length > MAX_FULL_PARSE_LENGTH) {
    const message = `The file is larger than ${MAX_FULL_PARSE_LENGTH / 1024 / 1024} MiB, and this is not plain block YAML`;
    throw syntaxError(file, text, [{ message, offset: unplainOffset }]);
  }
  const { document, problems: found } = await composeYaml(text);
  const problems = withoutEchoes(found.toSorted((a, b) => a.offset - b.offset));
  if (document !== undefined) {
    for (const { offset } of await duplicateKeys(document))
      problems.push({ code: "DUPLICATE_KEY", message: "Map keys must be unique", offset });
  }
  if (problems.length > 0)
    throw syntaxError(
      file,
      text,
      problems.toSorted((a, b) => a.offset - b.offset),
    );
  if (document === undefined) return null;
  try {
    return await yamlValue(document, text);
  } catch (error) {
    throw syntaxError(file, text, [{ message: (error as Error).message, offset: 0 }]);
  }
}

/** Behind the first token that does not fit, the parser reports every further one: they are all one mistake. */
function withoutEchoes(problems: readonly YamlProblem[]): YamlProblem[] {
  const first = problems.findIndex(({ code }) => code === "UNEXPECTED_TOKEN");
  return problems.filter(({ code }, index) => code !== "UNEXPECTED_TOKEN" || index === first);
}

function syntaxError(file: string, text: string, problems: readonly Problem[]): CapabilityError {
  const lines = new LineIndex(file, text);
  const diagnostics = problems.slice(0, MAX_SYNTAX_ERRORS).map(
    ({ message, offset }): Diagnostic => ({
      severity: "error",
      rule: "yaml",
      message,
      pointer: "",
      source: lines.location(offset),
    }),
  );
  const [first] = diagnostics;
  return new CapabilityError("CAPABILITY_INVALID", {
    message: `Cannot read ${file} as YAML: ${first?.message}`,
    details: { diagnostics, omitted: problems.length - diagnostics.length },
    source: first?.source,
  });
}
