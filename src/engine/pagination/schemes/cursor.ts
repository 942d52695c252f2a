import { isJsonObject, member } from "../../../base/json-object.ts";
import { quoteValue } from "../../../base/visible-text.ts";
import { type AnswerView, type PositionInput, positionInputs } from "../answer-view.ts";
import { findInput } from "../input-value.ts";
import { names } from "../names.ts";
import { type PagingField, pathsOf } from "../paging-fields.ts";
import { isCursor, isEmptyPosition, isUrl } from "../position.ts";
import { type Candidate, PageError, type Scheme } from "../scheme.ts";
import { SettingsReader } from "../settings-reader.ts";

/** Inputs that take a cursor. */
const CURSORS = names(
  "cursor pagecursor nextcursor startcursor aftercursor after pageafter pagetoken nextpagetoken nexttoken continuationtoken continuation continue paginationtoken paginationcursor marker bookmark scrollid startkey",
);
/** Inputs that take the identifier of the last item. */
const LAST_ITEMS = names("startingafter startafter afterid after");
/** Members that are cursors for the input with the other name. */
const NAMED_ALIKE: ReadonlyMap<string, string> = new Map([
  ["nextpage", "page"],
  ["nextpagestart", "start"],
  ["nextstart", "start"],
  ["nextoffset", "offset"],
]);

/** Members with the next cursor, for an input of any name. */
export const NEXT_CURSORS: ReadonlySet<string> = names(
  "next nextcursor nextpagecursor nextpagetoken nexttoken nextcontinuationtoken nextmarker nextafter nextid endcursor",
);
/** Objects in which a member `after` is the next cursor. */
const AFTER_IN = names("next cursors cursor paging pagination meta");

/** Pages by cursor: the body has the value of an input for the next page. */
export const cursor: Scheme = {
  isStated: true,
  rank: 1,
  detect(view) {
    const inputs = positionInputs(view, CURSORS);
    for (const find of [explicitPairs, alikePairs, echoedPairs, lastItemPairs]) {
      const pairs = find(view, inputs);
      if (pairs.length > 0) return withoutTwins(pairs).map(pair => candidate(pair, view));
    }
    return [];
  },
  compile(settings, operation) {
    const reader = new SettingsReader("cursor", settings, operation, ["input", "from", "more"]);
    const input = reader.input();
    // DynamoDB continues after a key, which is an object.
    const takesObjects = findInput(operation, input)?.in === "body";
    const read = reader.path("from");
    const more = reader.optionalPath("more");
    return ({ answer }) => {
      const says = more?.(answer.body);
      if (says === false) return undefined;
      const value = read(answer.body);
      if (isCursor(value) || (isJsonObject(value) && takesObjects)) return { kind: "input", input, value };
      if (isEmptyPosition(value)) {
        if (says !== true) return undefined;
        throw new PageError("says that there are more, but has no cursor for them");
      }
      throw new PageError(`has no cursor where one is expected, but ${quoteValue(value)}`);
    };
  },
};

interface Pair {
  readonly input: PositionInput;
  readonly path: string;
  readonly value: unknown;
}

function candidate({ input, path }: Pair, { more }: AnswerView): Candidate {
  return {
    settings: {
      cursor: { input: input.key, from: path, ...pathsOf({ more }) },
    },
    isGiven: input.given !== undefined,
    isConfirmed: true,
  };
}

/** Returns the members such as `next_cursor` with a cursor. */
export function nextCursors({ fields }: AnswerView): readonly PagingField[] {
  return fields.filter(
    field => (NEXT_CURSORS.has(field.name) || (field.name === "after" && AFTER_IN.has(field.parent))) && isNext(field),
  );
}

/** Pairs them with inputs. If there are several, those whose names fit win. */
function explicitPairs(view: AnswerView, inputs: readonly PositionInput[]): Pair[] {
  const pairs = nextCursors(view).flatMap(({ path, name, value }) =>
    inputs.map(input => ({ input, path, value, isAlike: name.includes(input.plain) })),
  );
  const alike = pairs.filter(({ isAlike }) => isAlike);
  return alike.length > 0 ? alike : pairs;
}

/** Pairs members such as `next_page: 2` with the input `page`. */
function alikePairs(view: AnswerView): Pair[] {
  return view.fields.flatMap(field => {
    const plain = NAMED_ALIKE.get(field.name);
    if (plain === undefined || !isNext(field)) return [];
    const inputs = positionInputs(view, new Set([plain]));
    return inputs.map(input => ({ input, path: field.path, value: field.value }));
  });
}

/** Pairs `continuationToken` with the input of the same name. A number may be the position of this page. */
function echoedPairs(view: AnswerView, inputs: readonly PositionInput[]): Pair[] {
  const all = [...inputs, ...positionInputs(view, new Set(["offset"]))];
  return view.fields.flatMap(({ name, path, value }) => {
    if (typeof value !== "string" || isUrl(value) || !isCursor(value) || /^\d+$/.test(value)) return [];
    return all.filter(({ plain, given }) => plain === name && given !== value).map(input => ({ input, path, value }));
  });
}

/** Pairs `starting_after` with the `last_id` of the answer, or with the `id` of the last item. */
function lastItemPairs(view: AnswerView): Pair[] {
  const { fields, items, more } = view;
  const inputs = positionInputs(view, LAST_ITEMS);
  const lastId = fields.find(({ name, value }) => name === "lastid" && isCursor(value));
  if (lastId !== undefined && more !== undefined)
    return inputs.map(input => ({ input, path: lastId.path, value: lastId.value }));
  const last = items?.list.at(-1);
  if (items === undefined || !isJsonObject(last) || !isCursor(member(last, "id"))) return [];
  return inputs
    .filter(({ plain }) => plain !== "after")
    .map(input => ({ input, path: `${items.path}[-1].id`, value: member(last, "id") }));
}

function isNext({ value }: PagingField): boolean {
  return isCursor(value) && !isUrl(value);
}

/** Removes pairs that have the same value in another place. */
function withoutTwins(pairs: readonly Pair[]): Pair[] {
  return pairs.filter(
    (pair, index) =>
      pairs.findIndex(({ input, value }) => input.key === pair.input.key && value === pair.value) === index,
  );
}
