/** A request as plain data, complete but for what the transport adds (`host`, `content-length`, `connection`). */
export interface HttpRequest {
  readonly method: string;
  /** Absolute URL, encoded, without a fragment. */
  readonly url: string;
  /** Own enumerable members, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}
