import { bodyText } from "../../base/body-text.ts";
import type { RawFormat } from "./raw-format.ts";

/** Unchanged text. Invalid bytes become replacement characters. */
export const text: RawFormat = {
  accept: "text/plain, */*",
  isStreamed: true,
  prepare: () => body => bodyText(body, { lenient: true }),
};
