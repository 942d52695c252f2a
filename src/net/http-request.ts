/** A request as plain data, complete but for what the transport adds (`host`, `content-length`, `connection`). */
export interface HttpRequest {
  readonly method: string;
  /** Absolute URL, encoded, without a fragment. */
  readonly url: string;
  /** Own enumerable members, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
}

export type RequestBody = string | Uint8Array | BodyStream | OpenBody;

/** A body that is read while it is sent, and anew for each attempt. A `Blob` is one. */
export interface BodyStream {
  readonly arrives?: undefined;
  /** Its bytes: what `content-length` says. */
  readonly size: number;
  /** A description of the content for people, without the content of files. */
  readonly outline?: string;
  stream(): AsyncIterable<Uint8Array>;
}

/**
 * A body that is passed on while it arrives, once: sending it again fails. How long that takes is up to its sender, so that
 * the time of an attempt begins anew with each piece.
 */
export interface OpenBody {
  readonly arrives: true;
  /** `undefined`: its length is not known. */
  readonly size: number | undefined;
  readonly outline?: string;
  stream(): AsyncIterable<Uint8Array>;
}

/** Tells a body that is read while it is sent from one that is at hand. */
export function isBodyStream(body: RequestBody | undefined): body is BodyStream | OpenBody {
  return typeof body === "object" && !(body instanceof Uint8Array);
}
