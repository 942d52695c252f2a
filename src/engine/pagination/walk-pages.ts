import { isDeepStrictEqual } from "node:util";
import { CapabilityError } from "../../base/capability-error.ts";
import { isJsonObject } from "../../base/json-object.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import type { Operation } from "../../language/model/types.ts";
import { settingInvalid } from "../../language/overlays/config-error.ts";
import type { Pagination } from "../../language/overlays/pagination.ts";
import type { Inputs } from "../request/check-inputs.ts";
import { requestInvalid } from "../request/request-error.ts";
import { type CompiledPagination, compileItems, compilePagination } from "./compile-pagination.ts";
import { describePagination } from "./describe-pagination.ts";
import { detectPagination } from "./detect-pagination.ts";
import { findItems, itemsOfPage } from "./find-items.ts";
import { findInput, withInput } from "./input-value.ts";
import type { Page, PageAnswer, PageRequest } from "./page.ts";
import { resolveNextUrl } from "./resolve-next-url.ts";
import { type NextPage, PageError, SettingsError } from "./scheme.ts";

/** The settings of a walk. */
interface Walk {
  readonly operation: Operation;
  readonly inputs: Inputs;
  /** `undefined` if an overlay describes it, or it is to be detected. */
  readonly pagination: Pagination | undefined;
  /** The walk ends after so many pages. Without it, more than {@link MOST_PAGES} are an error. */
  readonly maxPages: number | undefined;
  readonly maxItems: number | undefined;
  /** Returns the base URI. Every page is below it. */
  readonly baseUri: () => Promise<string>;
  /** Asks for one page. */
  readonly call: (request: PageRequest) => Promise<PageAnswer>;
}

/** Limit of pages for a walk without a bound of its own: an endless list must not keep a program running for ever. */
const MOST_PAGES = 1_000;

/** Methods that may return a list. The others change their resource with each call. */
const READING = new Set(["GET", "HEAD", "OPTIONS", "POST"]);

/**
 * Calls an operation page by page, each when it is asked for.
 *
 * @throws CapabilityError errors of the calls; `RESPONSE_INVALID` if the next page is unknown, for a list in a circle, and
 *   for a list that is too long; `REQUEST_INVALID` for an operation that changes something
 * @throws TypeError for a pagination that is malformed or does not fit the operation
 */
export async function* walkPages(walk: Walk): AsyncGenerator<Page, void, undefined> {
  const { operation, maxPages, maxItems = Number.POSITIVE_INFINITY } = walk;
  requireReading(operation);
  let way = compileDescribed(walk.pagination, operation);
  let request: PageRequest = { inputs: walk.inputs };
  const asked = new Set<string>();
  let previous: readonly unknown[] | undefined;
  let seen = 0;
  let given = 0;
  for (let page = 1; ; page++) {
    const answer = await walk.call(request);
    const invalid = (problem: string) => pageInvalid(operation, answer, page, problem);
    way ??= detectWay(operation, answer);
    const own = readOwn(way, answer, page, invalid);
    if (own !== undefined && own.length > 0 && areEqual(own, previous)) {
      throw invalid(`is the same as page ${page - 1}${ignored(request, way)}`);
    }
    previous = own;
    seen += own?.length ?? 0;
    const next = findNext(way, { answer, count: own?.length, seen }, invalid);
    const items = itemsOfPage(operation, answer, own, way.hasItems);
    if (items === undefined && walk.maxItems !== undefined) throw invalid("has no items to count");
    const rest = maxItems - given;
    given += items?.length ?? 0;
    yield {
      page,
      outputs: answer.outputs,
      ...(items === undefined ? {} : { items: items.length > rest ? items.slice(0, rest) : items }),
      status: answer.status,
      headers: answer.headers,
      body: answer.body,
      more: next !== undefined || given > maxItems,
      ...(way.pagination === undefined ? {} : { pagination: way.pagination }),
    };
    if (next === undefined || given >= maxItems || page === maxPages) return;
    if (page === (maxPages ?? MOST_PAGES))
      throw invalid(`is not the last, and more than ${MOST_PAGES} pages have to be asked for: set a bound`);
    request = await requestOf(next, answer, walk, invalid);
    const position = next.kind === "url" ? `${request.url}` : `${next.input} ${positionText(next.value)}`;
    if (asked.has(position)) throw invalid(`names a next page that was asked for already: ${position}`);
    asked.add(position);
  }
}

/** The way through the pages. Without `findNext`, the first is the only one. */
interface Way extends Pick<CompiledPagination, "readItems" | "hasItems"> {
  readonly findNext?: CompiledPagination["findNext"];
  readonly pagination?: Pagination;
}

function requireReading(operation: Operation): void {
  const { method } = operation;
  if (READING.has(method)) return;
  throw requestInvalid(operation, `it cannot be called page by page: a ${method} changes what it names`);
}

/** Compiles the description of the caller, else that of an overlay. Returns `undefined` if it is to be detected. */
function compileDescribed(described: Pagination | undefined, operation: Operation): Way | undefined {
  const pagination = described ?? operation.pagination?.value;
  if (pagination === undefined) return undefined;
  try {
    return { ...compilePagination(pagination, operation), pagination };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const message = `Cannot walk pages of operation "${operation.name}": its pagination ${error.message}`;
    const overlaid = described === undefined ? operation.pagination : undefined;
    throw overlaid === undefined ? new TypeError(message) : settingInvalid(message, overlaid.origin);
  }
}

function detectWay(operation: Operation, answer: PageAnswer): Way {
  const detection = detectPagination(operation, answer);
  switch (detection.kind) {
    case "found": {
      const { pagination } = detection;
      return { ...compilePagination(pagination, operation), hasItems: false, pagination };
    }
    case "whole":
      return { readItems: compileItems(detection.items), hasItems: false };
    case "ambiguous":
      throw pageInvalid(
        operation,
        answer,
        1,
        `lets expect more than one way to the next; say which: ${detection.candidates.map(describePagination).join(" or ")}`,
      );
    case "none":
      throw pageInvalid(operation, answer, 1, unknownText(detection.cursor));
  }
}

function unknownText(cursor: string | undefined): string {
  if (cursor !== undefined) {
    return `has a cursor at ${cursor}, and no input is known to take it; describe its pagination: { cursor: { input: …, from: ${cursor} } }`;
  }
  return "does not tell the next: there is no Link header, no cursor or URL of a next page in the body, and no input for a page or an offset of a list; describe its pagination in an overlay, or call it without pages";
}

/** Reads the items of the body, by which pages are counted and compared. */
function readOwn(
  { readItems, hasItems }: Way,
  { body }: PageAnswer,
  page: number,
  invalid: (problem: string) => Error,
): readonly unknown[] | undefined {
  const items = readItems(body);
  if (page > 1 || !hasItems || items?.length !== 0) return items;
  const found = findItems(body);
  if (found === undefined || found.list.length === 0) return items;
  throw invalid(`has nothing where its pagination has the items; there is a list at ${found.path}`);
}

function areEqual(items: readonly unknown[], others: readonly unknown[] | undefined): boolean {
  if (items.length !== others?.length) return false;
  try {
    return isDeepStrictEqual(items, others);
  } catch (error) {
    // Too deeply nested to compare. An API does not repeat such items by mistake.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function findNext(
  { findNext: find }: Way,
  state: Parameters<CompiledPagination["findNext"]>[0],
  invalid: (problem: string) => Error,
): NextPage | undefined {
  try {
    return find?.(state);
  } catch (error) {
    throw error instanceof PageError ? invalid(error.message) : error;
  }
}

async function requestOf(
  next: NextPage,
  { inputs, url }: PageAnswer,
  { operation, baseUri }: Walk,
  invalid: (problem: string) => Error,
): Promise<PageRequest> {
  if (next.kind === "input") {
    requireSent(operation, next.input);
    return { inputs: withInput(operation, inputs, next.input, next.value) };
  }
  try {
    const from = { url, baseUri: await baseUri(), fixed: fixedParameters(operation) };
    return { inputs, url: resolveNextUrl(next.url, from) };
  } catch (error) {
    throw error instanceof PageError ? invalid(error.message) : error;
  }
}

/** Refuses an input in whose place the call sends a header or a query parameter of its own: each page would be the same. */
function requireSent(operation: Operation, name: string): void {
  const input = findInput(operation, name);
  if (input?.in !== "query" && input?.in !== "header") return;
  const sent = input.in === "header" ? input.name.toLowerCase() : input.name;
  const isReplaced = operation.parameters.some(
    parameter => parameter.in === input.in && parameter.name === sent && parameter.source.kind === "constant",
  );
  if (!isReplaced) return;
  const place = input.in === "header" ? "header" : "query parameter";
  const problem = `the next page needs input "${name}", in whose place the call sends a ${place}: give its value as the input`;
  throw requestInvalid(operation, problem);
}

function positionText(value: unknown): string {
  return typeof value === "object" ? (stringify(value) ?? "") : String(value);
}

/** Returns the parameters of every request. APIs leave keys out of the URLs that they write. */
function fixedParameters({ adapter: { authentication }, parameters }: Operation): string[] {
  const fixed = parameters.filter(parameter => parameter.in === "query" && parameter.source.kind !== "input");
  const names = fixed.map(({ name }) => name);
  return authentication?.placement === "query" && authentication.key !== undefined
    ? [...names, authentication.key]
    : names;
}

function ignored(request: PageRequest, { pagination }: Way): string {
  if (request.url !== undefined || pagination === undefined) return "";
  const settings = Object.values(pagination).find(isJsonObject);
  return settings === undefined ? "" : `: the API does not seem to read input "${settings["input"]}"`;
}

/** Creates a `RESPONSE_INVALID` error about one page. `problem` continues "page 2 of "list" …". */
function pageInvalid(
  { name, rawFormat }: Operation,
  { status }: Pick<PageAnswer, "status">,
  page: number,
  problem: string,
): CapabilityError<"RESPONSE_INVALID"> {
  return new CapabilityError("RESPONSE_INVALID", {
    message: `Cannot walk pages of operation "${name}": page ${page} ${problem}`,
    details: { operation: name, format: rawFormat, status },
  });
}
