import type { Problem } from "./problem.ts";
import { problemOf } from "./problem.ts";

/** Fields of the answer to a refused request. */
type RefusalHeaders = Readonly<Record<string, string | string[]>>;

/** A request is refused with a status, header fields and a problem. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  /** Names in lower case. A field that is sent several times has a list. */
  readonly headers: RefusalHeaders;
  readonly problem: Problem;

  constructor(status: number, detail: string, headers: RefusalHeaders = {}, more?: Parameters<typeof problemOf>[2]) {
    super(detail);
    this.status = status;
    this.headers = headers;
    this.problem = problemOf(status, detail, more);
  }
}
