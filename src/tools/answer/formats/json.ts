import { stringify } from "../../../base/numbers/exact-json.ts";
import type { AnswerFormat } from "./answer-format.ts";

/** Compact JSON. */
export const json: AnswerFormat = {
  write: async value => ({ text: stringify(value) ?? "null", note: undefined }),
};
