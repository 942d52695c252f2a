import { Composer, Lexer, Parser } from "yaml";
import type { ValueCount } from "../../base/decode-limits.ts";
import type { NumberForm } from "../../base/numbers/exact-number.ts";
import { MAX_FULL_PARSE_LENGTH } from "../../language/document/document.ts";
import { parseBlockYaml } from "../../language/document/parse-block-yaml.ts";
import { shallowTokens } from "../../language/document/shallow-tokens.ts";
import { yamlValue } from "../../language/document/yaml-value.ts";
import { decodeText } from "./decode-text.ts";
import type { Decode } from "./raw-format.ts";

/**
 * Options for values of the core schema alone, whatever version a document names: dates, bytes, sets, ordered and merged
 * maps, which the package adds for tags and YAML 1.1, are not JSON.
 */
const YAML_1_2 = { schema: "core", resolveKnownTags: false } as const;

/** Values for which a lexeme counts: the full reader creates several objects for it. */
const VALUES_PER_LEXEME = 4;

/** Reads YAML. */
export const decodeYaml: Decode = decodeText(parseYaml);

/** A lexer that counts its lexemes as values. */
class CountingLexer extends Lexer {
  readonly #count: ValueCount;

  constructor(count: ValueCount) {
    super();
    this.#count = count;
  }

  override *lex(...source: Parameters<Lexer["lex"]>): Generator<string, void> {
    for (const lexeme of super.lex(...source)) {
      this.#count.add(VALUES_PER_LEXEME);
      yield lexeme;
    }
  }
}

/**
 * Parses the first document of a text to JSON types.
 *
 * @throws Error with the reason
 */
export function parseYaml(text: string, count: ValueCount, numbers: NumberForm): unknown {
  // This reader of common YAML takes a tenth of the time and memory.
  const common = parseBlockYaml(text, { numbers });
  if (common.ok) return common.value;
  if (text.length > MAX_FULL_PARSE_LENGTH) {
    throw new Error(`it is longer than ${MAX_FULL_PARSE_LENGTH} characters, and not plain block YAML`);
  }
  // The check for repeated keys takes the square of their number in time.
  const composer = new Composer({ ...YAML_1_2, logLevel: "silent", uniqueKeys: false });
  const [document] = composer.compose(shallowTokens(text, new CountingLexer(count), new Parser()));
  if (document === undefined) return null;
  const [problem] = document.errors;
  if (problem !== undefined) throw new Error(`it is not YAML: ${problem.message}`);
  try {
    return yamlValue(document, text, { numbers, merges: false }) ?? null;
  } catch (error) {
    throw new Error(`it ${(error as Error).message}`);
  }
}
