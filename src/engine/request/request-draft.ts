import type { Parameter } from "../../language/model/types.ts";

/** Request while it is built. Locations and body kinds write into it; nothing else sees it. */
export interface RequestDraft {
  /** Encoded pairs, joined by `&`; empty without a query. */
  query: string;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  /** Encoded pairs, joined by `; `. */
  cookie: string;
  /** The value of the parameter `body`. */
  wholeBody: { readonly parameter: Parameter; readonly value: unknown } | undefined;
  /** Body inputs of other names. */
  bodyMembers: Record<string, unknown> | undefined;
}
