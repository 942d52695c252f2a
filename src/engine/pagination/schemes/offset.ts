import { type AnswerView, type PositionInput, positionInputs } from "../answer-view.ts";
import { inputValue } from "../input-value.ts";
import { names } from "../names.ts";
import { pathsOf } from "../paging-fields.ts";
import { positionNumber } from "../position.ts";
import { type Candidate, PageError, type Scheme } from "../scheme.ts";
import { SettingsReader } from "../settings-reader.ts";

const OFFSETS = names("offset pageoffset skip startat startindex start");
/** Counted from 1 (SCIM, RFC 7644, 3.4.2.4; OpenSearch), unless the answer says otherwise. */
const FROM_ONE = names("startindex");

/** Pages by offset: the next page begins after the items so far. */
export const offset: Scheme = {
  isStated: false,
  rank: 4,
  detect(view) {
    if (view.items === undefined) return [];
    return positionInputs(view, OFFSETS).flatMap(input => candidate(input, view));
  },
  compile(settings, operation) {
    const reader = new SettingsReader("offset", settings, operation, ["input", "first", "total", "more"]);
    const input = reader.input();
    const first = reader.number("first", 0);
    const readTotal = reader.optionalPath("total");
    const more = reader.optionalPath("more");
    return ({ answer, count }) => {
      if (count === undefined) throw new PageError("has no items to count");
      const current = positionNumber(inputValue(operation, answer.inputs, input) ?? first, input);
      if (count === 0 || more?.(answer.body) === false) return undefined;
      const next = current + count;
      const total = readTotal?.(answer.body);
      if (typeof total === "number" && next - first >= total) return undefined;
      return { kind: "input", input, value: next };
    };
  },
};

function candidate(input: PositionInput, { fields, total, more }: AnswerView): Candidate[] {
  const echo = fields.find(({ name, value }) => name === input.plain && Number.isSafeInteger(value));
  const counted = FROM_ONE.has(input.plain) ? 1 : 0;
  // A `start` may be a time.
  if (input.plain === "start" && echo === undefined && input.given === undefined) return [];
  const first = input.given === undefined && (echo?.value === 0 || echo?.value === 1) ? echo.value : counted;
  return [
    {
      settings: {
        offset: {
          input: input.key,
          ...(first === 0 ? {} : { first }),
          ...pathsOf({ total, more }),
        },
      },
      isGiven: input.given !== undefined,
      isConfirmed: echo !== undefined,
    },
  ];
}
