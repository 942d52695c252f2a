import type { CST, Lexer, Parser } from "yaml";

/** Levels that YAML may nest. */
const MAX_DEPTH = 100;

/** YAML nests too deeply at an offset. */
export class NestingError extends RangeError {
  readonly offset: number;

  constructor(offset: number) {
    super(`it nests more than ${MAX_DEPTH} levels`);
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
    if (parser.stack.length > MAX_DEPTH) throw new NestingError(parser.offset);
  }
  yield* parser.end();
}
