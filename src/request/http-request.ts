import type { Parameter } from "../capability/types.ts";

/** A request as plain data, complete but for what the transport adds (`host`, `content-length`, `connection`). */
export interface HttpRequest {
  readonly method: string;
  /** Absolute URL, encoded, without a fragment. */
  readonly url: string;
  /** Own enumerable members, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A request while it is built. Locations and body kinds write into it; nothing else sees it. */
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
