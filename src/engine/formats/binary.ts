import type { RawFormat } from "./raw-format.ts";

/** Unchanged bytes (language chapter 12). The media type is the answer's `content-type`. */
export const binary: RawFormat = {
  accept: "*/*",
  isBinary: true,
  isUndecoded: true,
  prepare: () => body => body.bytes,
};
