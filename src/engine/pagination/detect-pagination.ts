import { isJsonObject, member } from "../../base/json-object.ts";
import type { Operation } from "../../language/model/types.ts";
import type { Pagination } from "../../language/overlays/pagination.ts";
import { type AnswerView, positionInputs, viewAnswer } from "./answer-view.ts";
import { inputValue } from "./input-value.ts";
import { names } from "./names.ts";
import type { PageAnswer } from "./page.ts";
import { isEmptyPosition } from "./position.ts";
import type { Candidate } from "./scheme.ts";
import { NEXT_CURSORS, nextCursors } from "./schemes/cursor.ts";
import { NEXT_URLS } from "./schemes/next-url.ts";
import { ranks } from "./schemes.ts";

/** The result of looking for a pagination. */
type Detection =
  | { readonly kind: "found"; readonly pagination: Pagination }
  /** The first answer is the only page. `items`: path of the items, if known. */
  | { readonly kind: "whole"; readonly items: string | undefined }
  /** There is more than one candidate. */
  | { readonly kind: "ambiguous"; readonly candidates: readonly Pagination[] }
  /** `cursor`: path of a next cursor that no input takes. */
  | { readonly kind: "none"; readonly cursor: string | undefined };

/** Inputs for a position in the middle of a list. */
const POSITIONS = names("offset pageoffset skip startat startindex page pagenumber cursor pagecursor");

/**
 * Finds out how an operation divides its list. A next page that the API names comes first (a cursor, a `Link` header, a
 * URL), then inputs that count.
 */
export function detectPagination(operation: Operation, first: PageAnswer): Detection {
  const view = viewAnswer(operation, first);
  for (const rank of ranks) {
    const isCounted = rank.some(({ isStated }) => !isStated);
    if (isCounted && isWhole(view)) return { kind: "whole", items: view.items?.path };
    if (isCounted && !mayCount(view)) continue;
    const candidates = strongest(rank.flatMap(scheme => scheme.detect(view)));
    const described = candidates.map(({ settings }) => withItems(settings, view));
    const [only] = described;
    if (described.length > 1) return { kind: "ambiguous", candidates: described };
    if (only !== undefined) return { kind: "found", pagination: only };
  }
  return { kind: "none", cursor: nextCursors(view)[0]?.path };
}

function withItems(settings: Candidate["settings"], { items }: AnswerView): Pagination {
  return items === undefined ? settings : { items: items.path, ...settings };
}

/** Returns the candidates that the caller has given and the answer mentions, if there are such. */
function strongest(candidates: readonly Candidate[]): readonly Candidate[] {
  const given = candidates.filter(({ isGiven }) => isGiven);
  const meant = given.length > 0 ? given : candidates;
  const confirmed = meant.filter(({ isConfirmed }) => isConfirmed);
  return confirmed.length > 0 ? confirmed : meant;
}

/**
 * Returns whether pages may be counted. Repeating a POST may create something each time, so its answer has to mention
 * more pages.
 */
function mayCount({ operation, total, pages, more }: AnswerView): boolean {
  return operation.method !== "POST" || total !== undefined || pages !== undefined || more !== undefined;
}

/** Returns whether the first answer says that it is the only page. It does not name a next one. */
function isWhole(view: AnswerView): boolean {
  const { items, more, total, operation, answer } = view;
  if (more !== undefined) return !more.value;
  if (items !== undefined && items.list.length === 0) return true;
  if (hasEmptyNext(view) || hasOtherLinks(view) || isSilentEnd(view)) return true;
  const isMidway = positionInputs(view, POSITIONS).some(
    ({ key }) => inputValue(operation, answer.inputs, key) !== undefined,
  );
  return !isMidway && total !== undefined && items !== undefined && total.value <= items.list.length;
}

/** Returns whether the answer has a member such as `next: null`. */
function hasEmptyNext({ fields }: AnswerView): boolean {
  return fields.some(({ name, value }) => (NEXT_CURSORS.has(name) || NEXT_URLS.has(name)) && isEmptyPosition(value));
}

const OTHER_LINKS = names("prev previous first last");

/** Returns whether the answer links to other pages, but not to a next one. */
function hasOtherLinks({ links, fields }: AnswerView): boolean {
  const isOther = (relation: unknown) => typeof relation === "string" && OTHER_LINKS.has(relation.toLowerCase());
  if (links.some(({ relations }) => relations.some(isOther))) return true;
  return fields.some(
    ({ name, parent, value }) =>
      (parent === "links" && OTHER_LINKS.has(name)) ||
      (name === "links" &&
        Array.isArray(value) &&
        value.some(item => isJsonObject(item) && isOther(member(item, "rel")))),
  );
}

const PAGE_TOKENS = names("pagetoken continue");
const AFTER = names("after");

/**
 * Returns whether the API leaves the cursor out of the last page: Google's APIs with `pageToken` (AIP-158), Kubernetes
 * with `continue`, and HubSpot with `after` and `results`.
 */
function isSilentEnd(view: AnswerView): boolean {
  if (!isJsonObject(view.answer.body)) return false;
  if (positionInputs(view, PAGE_TOKENS).length > 0) return true;
  return view.items?.path === "$.results" && positionInputs(view, AFTER).length > 0;
}
