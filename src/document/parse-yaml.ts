import type { Document as YamlDocument } from "yaml";
import { CapabilityError, type Diagnostic } from "../error/capability-error.ts";
import { MAX_FULL_PARSE_LENGTH } from "./document.ts";
import { duplicateKeys } from "./duplicate-keys.ts";
import { LineIndex } from "./line-index.ts";
import { parseBlockYaml } from "./parse-block-yaml.ts";
import { NestingError, shallowTokens } from "./shallow-tokens.ts";

/** Aliases that one document may expand to; more is a resource exhaustion attack ("billion laughs"). */
const MAX_ALIASES = 100;

const MAX_SYNTAX_ERRORS = 50;

interface Problem {
  readonly message: string;
  readonly offset: number;
}

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
  if (common.ok) return common.value;
  if (text.length > MAX_FULL_PARSE_LENGTH) {
    const message = `The file is larger than ${MAX_FULL_PARSE_LENGTH / 1024 / 1024} MiB, and this is not plain block YAML`;
    throw syntaxError(file, text, [{ message, offset: common.offset }]);
  }
  const [document, second] = await composeDocuments(text, file);
  if (document === undefined) return null;

  const problems: Problem[] = withoutEchoes(document.errors).map(({ message, pos }) => ({
    message,
    offset: pos[0],
  }));
  for (const { offset } of await duplicateKeys(document))
    problems.push({ message: "Map keys must be unique", offset });
  if (second !== undefined) {
    problems.push({ message: "The file holds more than one YAML document", offset: second.range[0] });
  }
  if (problems.length > 0)
    throw syntaxError(
      file,
      text,
      problems.sort((a, b) => a.offset - b.offset),
    );
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw syntaxError(file, text, [{ message: (error as Error).message, offset: 0 }]);
  }
}

async function composeDocuments(text: string, file: string): Promise<YamlDocument.Parsed[]> {
  const { Composer, Lexer, Parser } = await import("yaml");
  const composer = new Composer({ uniqueKeys: false });
  try {
    return [...composer.compose(shallowTokens(text, new Lexer(), new Parser()))];
  } catch (error) {
    if (!(error instanceof NestingError)) throw error;
    throw syntaxError(file, text, [{ message: "The file nests more than 100 levels", offset: error.offset }]);
  }
}

/** Behind the first token that does not fit, the parser reports every further one: they are all one mistake. */
function withoutEchoes<Error extends { readonly code: string }>(errors: readonly Error[]): readonly Error[] {
  const first = errors.findIndex(({ code }) => code === "UNEXPECTED_TOKEN");
  return errors.filter(({ code }, index) => code !== "UNEXPECTED_TOKEN" || index === first);
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
