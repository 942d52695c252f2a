import type { Problem } from "./problem.ts";
import { problemOf } from "./problem.ts";

/** A request is refused with a status, header fields and a problem. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly problem: Problem;

  constructor(
    status: number,
    detail: string,
    headers: Readonly<Record<string, string>> = {},
    more?: Parameters<typeof problemOf>[2],
  ) {
    super(detail);
    this.status = status;
    this.headers = headers;
    this.problem = problemOf(status, detail, more);
  }
}
