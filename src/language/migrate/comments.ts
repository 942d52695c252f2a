import type { CST } from "yaml";

/** Comments of a text, with their places. */
export class Comments {
  /** Comments from `#` to the end of the line, by offset. */
  readonly #byOffset = new Map<number, string>();

  /** @param tokens a whole text, as the parser of the package `yaml` gives it */
  constructor(tokens: readonly CST.Token[]) {
    const waiting: unknown[] = [...tokens];
    for (let token = waiting.pop(); token !== undefined; token = waiting.pop()) {
      if (isComment(token)) this.#byOffset.set(token.offset, token.source);
      else if (typeof token === "object" && token !== null) {
        for (const part of Object.values(token)) waiting.push(part);
      }
    }
  }

  /** Returns the comment that begins at an offset. */
  at(offset: number): string | undefined {
    return this.#byOffset.get(offset);
  }

  /** Returns all comments, sorted, so that moving one changes nothing. */
  sorted(): string[] {
    return [...this.#byOffset.values()].map(comment => comment.trimEnd()).sort();
  }
}

function isComment(token: unknown): token is CST.SourceToken {
  return typeof token === "object" && token !== null && "type" in token && token.type === "comment";
}
