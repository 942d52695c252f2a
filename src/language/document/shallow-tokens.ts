import type { CST, Lexer, Parser } from "yaml";

/** Levels that collections of a YAML text may nest. */
export const MAX_YAML_DEPTH = 100;

/** YAML nests too deeply at an offset. */
export class NestingError extends RangeError {
  readonly offset: number;

  constructor(offset: number) {
    super(`it nests more than ${MAX_YAML_DEPTH} levels`);
    this.offset = offset;
  }
}

/**
 * The tokens of a text for a `Composer`, as long as they do not nest deeply: what comes after recurses, and when the stack
 * is nearly full, V8 may end the process where it should throw.
 *
 * @throws NestingError
 */
export function* shallowTokens(text: string, lexer: Lexer, parser: Parser): Generator<CST.Token> {
  for (const lexeme of lexer.lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > MAX_YAML_DEPTH && collectionsIn(parser.stack) > MAX_YAML_DEPTH)
      throw new NestingError(parser.offset);
  }
  yield* parser.end();
}

/** The document, and the scalar that is being read, are on the stack too. */
function collectionsIn(stack: readonly CST.Token[]): number {
  return stack.filter(({ type }) => COLLECTIONS.has(type)).length;
}

const COLLECTIONS: ReadonlySet<string> = new Set(["block-map", "block-seq", "flow-collection"]);
