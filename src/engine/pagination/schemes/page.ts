import { type AnswerView, type PositionInput, positionInputs } from "../answer-view.ts";
import { inputValue } from "../input-value.ts";
import { names } from "../names.ts";
import { pathsOf } from "../paging-fields.ts";
import { positionNumber } from "../position.ts";
import { type Candidate, PageError, type Scheme } from "../scheme.ts";
import { SettingsReader } from "../settings-reader.ts";

const PAGES = names("page pagenumber pageno pagenum pageindex currentpage");
/** Names in answers for the number of the page. */
const ECHOES = names("page pagenumber pageno pagenum pageindex currentpage number");

/** Pages by number. */
export const page: Scheme = {
  isStated: false,
  rank: 4,
  detect(view) {
    if (view.items === undefined && view.pages === undefined && view.more === undefined) return [];
    return positionInputs(view, PAGES).flatMap(input => candidates(input, view));
  },
  compile(settings, operation) {
    const known = ["input", "first", "pages", "total", "more"];
    const reader = new SettingsReader("page", settings, operation, known);
    const input = reader.input();
    const first = reader.number("first", 1);
    const readPages = reader.optionalPath("pages");
    const readTotal = reader.optionalPath("total");
    const more = reader.optionalPath("more");
    return ({ answer, count, seen }) => {
      const current = positionNumber(inputValue(operation, answer.inputs, input) ?? first, input);
      const says = more?.(answer.body);
      if (says === false || count === 0) return undefined;
      const pages = readPages?.(answer.body);
      if (typeof pages === "number" && current - first + 1 >= pages) return undefined;
      const total = readTotal?.(answer.body);
      if (typeof total === "number" && seen >= total) return undefined;
      if (count === undefined && says === undefined && typeof pages !== "number")
        throw new PageError("has no items to count, and does not say how many pages there are");
      return { kind: "input", input, value: current + 1 };
    };
  },
};

function candidates(input: PositionInput, view: AnswerView): Candidate[] {
  const { fields, total, pages, more } = view;
  const echo = fields.find(({ name, value }) => ECHOES.has(name) && Number.isSafeInteger(value));
  return firstPages(input, echo?.value, view).map(first => ({
    settings: {
      page: {
        input: input.key,
        ...(first === 1 ? {} : { first }),
        ...pathsOf({ pages, total, more }),
      },
    },
    isGiven: input.given !== undefined,
    isConfirmed: echo !== undefined || pages !== undefined,
  }));
}

/**
 * Returns the possible numbers of the first page: that in the answer, if the caller did not give one, else 1. APIs of the
 * Spring framework, which take a `size`, mostly begin at 0.
 */
function firstPages({ given, plain }: PositionInput, echo: unknown, view: AnswerView): number[] {
  if (given === undefined && (echo === 0 || echo === 1)) return [echo];
  if (given === 0 || given === "0") return [0];
  const isUnknown = plain === "pageindex" || positionInputs(view, new Set(["size"])).length > 0;
  return isUnknown && given === undefined ? [0, 1] : [1];
}
