import type { CST, Lexer, Parser } from "yaml";

/** Most levels that collections of a YAML text may nest. */
export const MAX_YAML_DEPTH = 100;

/** Error for YAML that nests too deeply at an offset. */
export class NestingError extends RangeError {
  readonly offset: number;

  constructor(offset: number) {
    super(`it nests more than ${MAX_YAML_DEPTH} levels`);
    this.offset = offset;
  }
}

/**
 * Yields the tokens of a text for a `Composer`, as long as they do not nest deeply. Later stages recurse, and with a
 * nearly full stack V8 may end the process instead of throwing.
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

/** Counts the collections on the stack, which also holds the document and the current scalar. */
function collectionsIn(stack: readonly CST.Token[]): number {
  return stack.filter(({ type }) => COLLECTIONS.has(type)).length;
}

const COLLECTIONS: ReadonlySet<string> = new Set(["block-map", "block-seq", "flow-collection"]);
