import type { BodyStream } from "../../net/http-request.ts";

/** Bytes as the value of an input: in memory, or read when they are sent. A `Blob` and a `File` are such values. */
export type BinaryValue = Uint8Array | NamedContent;

/** Content that may know its file name and media type. */
export interface NamedContent extends BodyStream {
  readonly name?: string;
  readonly type?: string;
}

/** Tells bytes, in memory or elsewhere, from the values that JSON has. */
export function isBinary(value: unknown): value is BinaryValue {
  return value instanceof Uint8Array || isContent(value);
}

/** Tells content that is read when it is sent. */
export function isContent(value: unknown): value is NamedContent {
  if (typeof value !== "object" || value === null) return false;
  const { size, stream } = value as Partial<NamedContent>;
  return typeof size === "number" && typeof stream === "function";
}
