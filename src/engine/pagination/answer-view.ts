import type { Operation } from "../../language/model/types.ts";
import { type FoundItems, findItems } from "./find-items.ts";
import { inputValue } from "./input-value.ts";
import { type Link, parseLinkHeader } from "./link-header.ts";
import { names, plainName } from "./names.ts";
import type { PageAnswer } from "./page.ts";
import { type PagingField, pagingFields } from "./paging-fields.ts";

/** The parts of the first answer that are about pages. */
export interface AnswerView {
  readonly operation: Operation;
  readonly answer: PageAnswer;
  readonly items: FoundItems | undefined;
  readonly fields: readonly PagingField[];
  readonly links: readonly Link[];
  /** The member that tells whether there are more pages. */
  readonly more: (PagingField & { readonly value: boolean }) | undefined;
  /** The number of items on all pages. */
  readonly total: (PagingField & { readonly value: number }) | undefined;
  /** The number of pages. */
  readonly pages: (PagingField & { readonly value: number }) | undefined;
}

const MORE = names("hasmore hasnext hasnextpage hasmoreitems hasmoreresults more istruncated truncated");
const TOTAL = names("total totalcount totalitems totalresults totalrecords totalelements totalsize odatacount");
const PAGES = names("totalpages pagecount pagescount numpages lastpage pages");

/** Finds the parts of an answer that are about pages. */
export function viewAnswer(
  operation: Operation,
  answer: PageAnswer,
  items: FoundItems | undefined = findItems(answer.body),
): AnswerView {
  const fields = pagingFields(answer.body, items?.path);
  return {
    operation,
    answer,
    items,
    fields,
    links: parseLinkHeader(answer.headers["link"]),
    more: fields.find((field): field is PagingField & { value: boolean } => isBoolean(field)),
    total: fields.find((field): field is PagingField & { value: number } => isCount(field, TOTAL)),
    pages: fields.find((field): field is PagingField & { value: number } => isCount(field, PAGES)),
  };
}

function isBoolean({ name, value }: PagingField): boolean {
  return MORE.has(name) && typeof value === "boolean";
}

function isCount({ name, value }: PagingField, known: ReadonlySet<string>): boolean {
  return known.has(name) && Number.isSafeInteger(value) && (value as number) >= 0;
}

/** An input of the operation that may take a position in a list. */
export interface PositionInput {
  readonly key: string;
  readonly plain: string;
  /** The value from the caller. */
  readonly given: unknown;
}

/** Returns the operation's inputs with one of the plain names. */
export function positionInputs(
  { operation, answer }: Pick<AnswerView, "operation" | "answer">,
  known: ReadonlySet<string>,
): PositionInput[] {
  return [...operation.inputs.values()].flatMap(input => {
    const plain = plainName(input.name);
    if (!known.has(plain) || input.in === "path" || input.in === "baseUri" || input.type === "boolean") return [];
    return [{ key: input.key, plain, given: inputValue(operation, answer.inputs, input.key) }];
  });
}
