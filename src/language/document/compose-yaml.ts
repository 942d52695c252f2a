import { Composer, type CST, isScalar, Lexer, Parser, visit, type Document as YamlDocument } from "yaml";
import { isMergeKey } from "./merge-key.ts";
import { NestingError, shallowTokens } from "./shallow-tokens.ts";

/** A mistake in a text, at an offset. */
export interface YamlProblem {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
}

/** Most problems that are collected: a broken text may have one for each character. */
const MAX_PROBLEMS = 1_000;

interface ComposedYaml {
  /** `undefined` for an empty text, and if reading ended early. */
  readonly document: YamlDocument.Parsed | undefined;
  readonly problems: readonly YamlProblem[];
}

class TooManyProblems extends Error {}

/** Reads the one document of a text with the package `yaml`. Ends at the start of a second document. */
export function composeYaml(text: string): ComposedYaml {
  const composer = new Composer({ uniqueKeys: false, logLevel: "silent" });
  const problems: YamlProblem[] = [];
  collectErrors(composer, problems);
  let document: YamlDocument.Parsed | undefined;
  try {
    const tokens = shallowTokens(text, new Lexer(), new Parser());
    for (const next of composer.compose(untilTooManyErrors(tokens))) {
      if (document !== undefined) {
        const message = "The file holds more than one YAML document";
        problems.push({ code: "MULTIPLE_DOCS", message, offset: next.range[0] });
        break;
      }
      document = next;
    }
  } catch (error) {
    if (error instanceof NestingError)
      return {
        document: undefined,
        problems: [{ code: "NESTING", message: "The file nests more than 100 levels", offset: error.offset }],
      };
    if (!(error instanceof TooManyProblems)) throw error;
    return { document: undefined, problems };
  }
  if (document === undefined) return { document, problems };
  for (const { code, message, pos } of document.errors) problems.push({ code, message, offset: pos[0] });
  for (const offset of duplicateKeys(document))
    problems.push({ code: "DUPLICATE_KEY", message: "Map keys must be unique", offset });
  return { document, problems };
}

/** Tokens that the parser could not place are errors of their own. */
function* untilTooManyErrors(tokens: Iterable<CST.Token>): Generator<CST.Token> {
  let errors = 0;
  for (const token of tokens) {
    yield token;
    if (token.type === "error" && ++errors >= MAX_PROBLEMS) return;
  }
}

type OnError = (source: unknown, code: string, message: string, warning?: boolean) => void;

/**
 * Takes each error when the composer finds it. The composer has no option for that, and would keep hundreds of thousands
 * until it returns the document.
 */
function collectErrors(composer: object, problems: YamlProblem[]): void {
  const onError: OnError = (source, code, message, warning) => {
    if (warning) return;
    if (problems.length >= MAX_PROBLEMS) throw new TooManyProblems();
    problems.push({ code, message, offset: offsetOf(source) });
  };
  Object.assign(composer, { onError });
}

/** Returns where an error is. `source` is an offset, a range, or a token. */
function offsetOf(source: unknown): number {
  if (typeof source === "number") return source;
  if (Array.isArray(source)) return Number(source[0]);
  return Number((source as { readonly offset?: unknown } | null)?.offset ?? 0);
}

/**
 * Finds the keys that their map has already (YAML 1.2, 3.2.1.1), by offset. The package `yaml` compares each key with all
 * before it, which takes minutes for a map with tens of thousands. A merge key may stand twice.
 */
function duplicateKeys(document: YamlDocument): number[] {
  const found: number[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key) || isMergeKey(key)) continue;
        if (seen.has(key.value)) found.push(key.range?.[0] ?? 0);
        seen.add(key.value);
      }
    },
  });
  return found;
}
