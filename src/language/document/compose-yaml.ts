import type { CST, Document as YamlDocument } from "yaml";
import { NestingError, shallowTokens } from "./shallow-tokens.ts";

/** Something wrong with a text, at an offset. */
export interface YamlProblem {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
}

/** Problems after which reading ends: a broken text may hold one for every character. */
const MAX_PROBLEMS = 1_000;

interface ComposedYaml {
  /** `undefined` for an empty text, and where reading ended early. */
  readonly document: YamlDocument.Parsed | undefined;
  readonly problems: readonly YamlProblem[];
}

class TooManyProblems extends Error {}

/** Reads the one document of a text with the package `yaml`. What follows a second one is not read. */
export async function composeYaml(text: string): Promise<ComposedYaml> {
  const { Composer, Lexer, Parser } = await import("yaml");
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
  for (const { code, message, pos } of document?.errors ?? [])
    problems.push({ code, message, offset: pos[0] });
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
 * Takes the errors where the composer finds them. It has no option for that, and would keep hundreds of thousands before
 * it gives the document.
 */
function collectErrors(composer: object, problems: YamlProblem[]): void {
  const onError: OnError = (source, code, message, warning) => {
    if (warning) return;
    if (problems.length >= MAX_PROBLEMS) throw new TooManyProblems();
    problems.push({ code, message, offset: offsetOf(source) });
  };
  Object.assign(composer, { onError });
}

/** Where an error is: an offset, a range, or a token. */
function offsetOf(source: unknown): number {
  if (typeof source === "number") return source;
  if (Array.isArray(source)) return Number(source[0]);
  return Number((source as { readonly offset?: unknown } | null)?.offset ?? 0);
}
