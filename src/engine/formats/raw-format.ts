import type { ReceivedBody } from "../../base/body-text.ts";
import type { DecodeLimits } from "../../base/decode-limits.ts";
import type { RawFormatTraits } from "../../language/document/kinds.ts";

/** One raw format of responses (language chapter 5.8): a row of the registry in `raw-formats.ts`. */
export interface RawFormat extends RawFormatTraits {
  /** What requests ask for in `accept`. */
  readonly accept: string;
  /** Whether a body is no text. */
  readonly isBinary?: boolean;
  /** Whether answers may be streams of items in the format. */
  readonly isStreamed?: boolean;
  /**
   * Bytes from which on a body is decoded in a thread of its own, because its reader may take long for one that is built
   * to; absent: a reader that never does.
   */
  readonly threadBytes?: number;
  /**
   * Makes what decodes the answers of one operation: loads the format's library and reads its schema, where it has them.
   *
   * @throws Error with the reason, for an `outputSchema` that cannot be used
   */
  prepare(declared: DeclaredFormat): Decode | Promise<Decode>;
}

/** What a file says about the format of an operation's answers. */
export interface DeclaredFormat {
  readonly outputSchema: string | undefined;
  /** Folder of the file; absent for a document that a program gave as an object. */
  readonly folder: string | undefined;
}

/**
 * The value of a body: JSON types only, but for `binary`.
 *
 * @throws DecodeLimitError for a body beyond the limits, Error with the reason for one that is not of the format
 */
export type Decode = (body: ReceivedBody, limits: DecodeLimits) => unknown;

/** Levels that a document may nest. Nobody means more, and libraries recurse. */
export const MAX_DEPTH = 100;
