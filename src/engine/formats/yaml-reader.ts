import { Composer, Lexer, Parser } from "yaml";
import type { ValueCount } from "../../base/decode-limits.ts";
import { MAX_FULL_PARSE_LENGTH } from "../../language/document/document.ts";
import { parseBlockYaml } from "../../language/document/parse-block-yaml.ts";
import { shallowTokens } from "../../language/document/shallow-tokens.ts";
import { decodeText } from "./decode-text.ts";
import type { Decode } from "./raw-format.ts";

/** Aliases that a document may expand to: more is a bomb. */
const MAX_ALIASES = 100;

/**
 * Values of the core schema alone, whatever version a document names: what the package adds for tags and YAML 1.1, dates,
 * bytes, sets, ordered and merged maps, is no JSON.
 */
const YAML_1_2 = { schema: "core", resolveKnownTags: false } as const;

/** What a piece of a text counts for: the reader of all of YAML makes some objects of it. */
const VALUES_PER_LEXEME = 4;

/** Makes what reads YAML, as the row of the format says. */
export function yamlReader(): Decode {
  return decodeText(yamlParser());
}

/** Gives what parses the first document of a text to JSON types; it throws an Error with the reason. */
export function yamlParser(): (text: string, count: ValueCount) => unknown {
  class CountingLexer extends Lexer {
    readonly #count: ValueCount;

    constructor(count: ValueCount) {
      super();
      this.#count = count;
    }

    override *lex(...source: Parameters<InstanceType<typeof Lexer>["lex"]>): Generator<string, void> {
      for (const lexeme of super.lex(...source)) {
        this.#count.add(VALUES_PER_LEXEME);
        yield lexeme;
      }
    }
  }
  return (text, count) => {
    // The common part is read at a tenth of the time and memory.
    const common = parseBlockYaml(text);
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
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? null;
    if (text.includes("*")) requireTree(value);
    return value;
  };
}

/** An alias may stand in what it stands for: then nothing that walks the value would end. */
function requireTree(value: unknown, open: Set<unknown> = new Set(), done: Set<unknown> = new Set()): void {
  if (typeof value !== "object" || value === null || done.has(value)) return;
  if (open.has(value)) throw new Error("one of its aliases contains itself");
  open.add(value);
  for (const member of Object.values(value)) requireTree(member, open, done);
  open.delete(value);
  done.add(value);
}
