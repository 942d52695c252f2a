import type { ReceivedBody } from "../../base/body-text.ts";
import type { DecodeLimits } from "../../base/decode-limits.ts";
import type { RawFormatTraits } from "../../language/document/kinds.ts";

/** One raw format of responses (language chapter 5.8): a row of the registry in `raw-formats.ts`. */
export interface RawFormat extends RawFormatTraits {
  /** Value of `accept` in requests. */
  readonly accept: string;
  /** Whether a body is binary. */
  readonly isBinary?: boolean;
  /** Whether the value of a body is its bytes. */
  readonly isUndecoded?: boolean;
  /** Whether answers may be streams of items in the format. */
  readonly isStreamed?: boolean;
  /**
   * Size from which a body is decoded in a thread of its own, in bytes, because a hostile one may take long. Absent if the
   * reader is always fast.
   */
  readonly threadBytes?: number;
  /**
   * Creates the decoder of an operation's answers: loads the library of the format and reads its schema.
   *
   * @throws Error with the reason, for an unusable `outputSchema`
   */
  prepare(declared: DeclaredFormat): Decode | Promise<Decode>;
}

/** The declared format of an operation's answers. */
export interface DeclaredFormat {
  readonly outputSchema: string | undefined;
  /** Folder of the file. `undefined` for a document that a program gave as an object. */
  readonly folder: string | undefined;
}

/**
 * A function that returns the value of a body: JSON types only, except for `binary`.
 *
 * @throws DecodeLimitError for a body beyond the limits, Error with the reason for one in another format
 */
export type Decode = (body: ReceivedBody, limits: DecodeLimits) => unknown;

/** Depth limit of documents. Libraries recurse. */
export const MAX_DEPTH = 100;
