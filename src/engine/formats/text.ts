import { bodyText } from "../../base/body-text.ts";
import type { RawFormat } from "./raw-format.ts";

/** Text as it is, read as people would: what is no text becomes replacement characters. */
export const text: RawFormat = {
  accept: "text/plain, */*",
  isStreamed: true,
  prepare: () => body => bodyText(body, { lenient: true }),
};
