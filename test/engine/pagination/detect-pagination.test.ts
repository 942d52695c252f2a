import { describe, expect, test } from "vitest";
import { describePagination } from "../../../src/engine/pagination/describe-pagination.ts";
import { detectPagination } from "../../../src/engine/pagination/detect-pagination.ts";
import { openTextRuntime, operationText } from "../../support/open-text.ts";

/** An operation's inputs, its first answer, and what these tell. `found …` is the description in one line. */
interface Case {
  readonly api: string;
  /** Names of query inputs. */
  readonly inputs: string;
  readonly given?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly method?: string;
  readonly expected: string | readonly string[];
}

const ITEMS = [{ id: "a" }, { id: "b" }];

/** Modelled on what APIs answer; the data is made up. */
const cases: readonly Case[] = [
  // A cursor in the body.
  {
    api: "Stripe: the id of the last item",
    inputs: "limit starting_after ending_before",
    body: { object: "list", data: ITEMS, has_more: true, url: "/v1/charges" },
    expected: '{ items: $.data, cursor: { input: starting_after, from: "$.data[-1].id", more: $.has_more } }',
  },
  {
    api: "Stripe, a search: a next page that is a cursor",
    inputs: "limit page query",
    body: { data: ITEMS, has_more: true, next_page: "c_2", url: "/v1/charges/search" },
    expected: "{ items: $.data, cursor: { input: page, from: $.next_page, more: $.has_more } }",
  },
  {
    api: "Slack",
    inputs: "token cursor limit",
    body: { ok: true, channels: ITEMS, response_metadata: { next_cursor: "dGVhbTpD" } },
    expected: "{ items: $.channels, cursor: { input: cursor, from: $.response_metadata.next_cursor } }",
  },
  {
    api: "Slack, the list in one page",
    inputs: "token cursor limit",
    body: { ok: true, channels: ITEMS, response_metadata: { next_cursor: "" } },
    expected: "whole $.channels",
  },
  {
    api: "HubSpot: a cursor and a link beside it",
    inputs: "after limit",
    body: { results: ITEMS, paging: { next: { after: "33452", link: "https://api.test/crm?after=33452" } } },
    expected: "{ items: $.results, cursor: { input: after, from: $.paging.next.after } }",
  },
  {
    api: "HubSpot leaves the last page's cursor out",
    inputs: "after limit",
    body: { results: ITEMS },
    expected: "whole $.results",
  },
  {
    api: "Notion",
    inputs: "start_cursor page_size",
    body: { object: "list", results: ITEMS, next_cursor: "59833787", has_more: true },
    expected: "{ items: $.results, cursor: { input: start_cursor, from: $.next_cursor, more: $.has_more } }",
  },
  {
    api: "Notion, the list in one page",
    inputs: "start_cursor page_size",
    body: { object: "list", results: ITEMS, next_cursor: null, has_more: false },
    expected: "whole $.results",
  },
  {
    api: "OpenAI",
    inputs: "limit order after before",
    body: { object: "list", data: ITEMS, first_id: "a", last_id: "b", has_more: true },
    expected: "{ items: $.data, cursor: { input: after, from: $.last_id, more: $.has_more } }",
  },
  {
    api: "Anthropic",
    inputs: "before_id after_id limit",
    body: { data: ITEMS, first_id: "a", has_more: true, last_id: "b" },
    expected: "{ items: $.data, cursor: { input: after_id, from: $.last_id, more: $.has_more } }",
  },
  {
    api: "Google",
    inputs: "pageSize pageToken",
    body: { files: ITEMS, nextPageToken: "CAUQAA" },
    expected: "{ items: $.files, cursor: { input: pageToken, from: $.nextPageToken } }",
  },
  {
    api: "Google leaves the last page's token out",
    inputs: "pageSize pageToken",
    body: { files: ITEMS },
    expected: "whole $.files",
  },
  {
    api: "Kubernetes",
    inputs: "limit continue",
    body: {
      kind: "PodList",
      metadata: { resourceVersion: "1", continue: "eyJ2", remainingItemCount: 4 },
      items: ITEMS,
    },
    expected: "{ items: $.items, cursor: { input: continue, from: $.metadata.continue } }",
  },
  {
    api: "Pulumi: the cursor is called as its input",
    inputs: "continuationToken maxResults",
    body: { stacks: ITEMS, continuationToken: "eyJh" },
    expected: "{ items: $.stacks, cursor: { input: continuationToken, from: $.continuationToken } }",
  },
  {
    api: "Cloudflare, R2",
    inputs: "cursor per_page prefix",
    body: {
      success: true,
      errors: [],
      messages: [],
      result: ITEMS,
      result_info: { cursor: "1-JTJG", is_truncated: true, per_page: 2 },
    },
    expected:
      "{ items: $.result, cursor: { input: cursor, from: $.result_info.cursor, more: $.result_info.is_truncated } }",
  },
  {
    api: "Cloudflare, cursors in an object of their own",
    inputs: "cursor per_page",
    body: {
      success: true,
      errors: [],
      messages: [],
      result: ITEMS,
      result_info: { cursors: { after: "xyz", before: "abc" }, count: 2 },
    },
    expected: "{ items: $.result, cursor: { input: cursor, from: $.result_info.cursors.after } }",
  },
  {
    api: "Facebook: of a cursor and a URL, the cursor",
    inputs: "after before limit",
    body: {
      data: ITEMS,
      paging: { cursors: { after: "MTA", before: "NDI" }, next: "https://api.test/v1/x?after=MTA" },
    },
    expected: "{ items: $.data, cursor: { input: after, from: $.paging.cursors.after } }",
  },
  {
    api: "AWS",
    inputs: "NextToken MaxResults",
    body: { Items: ITEMS, NextToken: "AAMA" },
    expected: "{ items: $.Items, cursor: { input: NextToken, from: $.NextToken } }",
  },
  {
    api: "Airtable: an offset that is a cursor",
    inputs: "pageSize offset",
    body: { records: ITEMS, offset: "itr23/rec78" },
    expected: "{ items: $.records, cursor: { input: offset, from: $.offset } }",
  },
  {
    api: "Bitbucket Server",
    inputs: "start limit",
    body: { values: ITEMS, size: 2, limit: 2, start: 0, isLastPage: false, nextPageStart: 2 },
    expected: "{ items: $.values, cursor: { input: start, from: $.nextPageStart } }",
  },
  {
    api: "GraphQL-like page info",
    inputs: "first after",
    body: { data: { nodes: ITEMS, pageInfo: { endCursor: "Y3Vy", hasNextPage: true } } },
    expected:
      "{ items: $.data.nodes, cursor: { input: after, from: $.data.pageInfo.endCursor, more: $.data.pageInfo.hasNextPage } }",
  },
  {
    api: "JSON:API: a bracketed input",
    inputs: "page[cursor] page[size]",
    body: { data: ITEMS, included: [{}], meta: { next_cursor: "n2" } },
    expected: '{ items: $.data, cursor: { input: "page[cursor]", from: $.meta.next_cursor } }',
  },
  {
    api: "of several inputs, the one that the field is called after",
    inputs: "after cursor",
    body: { items: ITEMS, next_cursor: "c2" },
    expected: "{ items: $.items, cursor: { input: cursor, from: $.next_cursor } }",
  },
  {
    api: "the same cursor in two places is one",
    inputs: "cursor",
    body: { items: ITEMS, next_cursor: "c2", meta: { next_cursor: "c2" } },
    expected: "{ items: $.items, cursor: { input: cursor, from: $.next_cursor } }",
  },
  // A Link header.
  {
    api: "GitHub",
    inputs: "page per_page",
    headers: { link: '<https://api.test/v1/?page=2>; rel="next", <https://api.test/v1/?page=9>; rel="last"' },
    body: ITEMS,
    expected: "{ items: $, link: next }",
  },
  {
    api: "GitHub, a search that also counts",
    inputs: "q page per_page",
    headers: { link: '<https://api.test/v1/?page=2>; rel="next"' },
    body: { total_count: 40, incomplete_results: false, items: ITEMS },
    expected: "{ items: $.items, link: next }",
  },
  {
    api: "GitHub, the last page",
    inputs: "page per_page",
    given: { page: 9 },
    headers: {
      link: '<https://api.test/v1/?page=8>; rel="prev", <https://api.test/v1/?page=1>; rel="first"',
    },
    body: ITEMS,
    expected: "whole $",
  },
  {
    api: "Shopify",
    inputs: "limit page_info",
    headers: { link: '<https://shop.test/admin/products.json?page_info=hij&limit=2>; rel="next"' },
    body: { products: ITEMS },
    expected: "{ items: $.products, link: next }",
  },
  // A URL in the body.
  {
    api: "PayPal: links by relation",
    inputs: "page page_size total_required",
    body: {
      items: ITEMS,
      total_items: 12,
      total_pages: 6,
      links: [
        { href: "https://api.test/v1/invoices?page=1", rel: "self", method: "GET" },
        { href: "https://api.test/v1/invoices?page=2", rel: "next", method: "GET" },
      ],
    },
    expected: "{ items: $.items, nextUrl: \"$.links[?(@.rel == 'next')].href\" }",
  },
  {
    api: "Django",
    inputs: "search",
    body: { count: 12, next: "https://api.test/v1/?page=2", previous: null, results: ITEMS },
    expected: "{ items: $.results, nextUrl: $.next }",
  },
  {
    api: "Django, the list in one page",
    inputs: "page",
    body: { count: 2, next: null, previous: null, results: ITEMS },
    expected: "whole $.results",
  },
  {
    api: "OData",
    inputs: "$top $skip",
    body: {
      "@odata.context": "…",
      value: ITEMS,
      "@odata.nextLink": "https://api.test/v1/users?$skiptoken=X",
    },
    expected: "{ items: $.value, nextUrl: \"$['@odata.nextLink']\" }",
  },
  {
    api: "HAL",
    inputs: "",
    body: { _embedded: { orders: ITEMS }, _links: { self: { href: "/o" }, next: { href: "/o?page=2" } } },
    expected: "{ items: $._embedded.orders, nextUrl: $._links.next.href }",
  },
  {
    api: "HAL, the last page",
    inputs: "",
    body: { _embedded: { orders: ITEMS }, _links: { self: { href: "/o?page=2" }, first: { href: "/o" } } },
    expected: "whole $._embedded.orders",
  },
  {
    api: "Twilio: a relative URL",
    inputs: "PageSize",
    body: { calls: ITEMS, next_page_uri: "/2010/Calls.json?Page=1", page: 0 },
    expected: "{ items: $.calls, nextUrl: $.next_page_uri }",
  },
  // Numbers.
  {
    api: "Clerk",
    inputs: "limit offset",
    body: { data: ITEMS, total_count: 12 },
    expected: "{ items: $.data, offset: { input: offset, total: $.total_count } }",
  },
  {
    api: "Clerk, the list in one page",
    inputs: "limit offset",
    body: { data: ITEMS, total_count: 2 },
    expected: "whole $.data",
  },
  {
    api: "an offset that the caller begins with: the total says nothing of the rest",
    inputs: "limit offset",
    given: { offset: 10 },
    body: { data: ITEMS, total_count: 2 },
    expected: "{ items: $.data, offset: { input: offset, total: $.total_count } }",
  },
  {
    api: "Jira",
    inputs: "startAt maxResults",
    body: { startAt: 0, maxResults: 2, total: 9, issues: ITEMS },
    expected: "{ items: $.issues, offset: { input: startAt, total: $.total } }",
  },
  {
    api: "SCIM: counted from 1",
    inputs: "startIndex count",
    body: { totalResults: 9, startIndex: 1, itemsPerPage: 2, Resources: ITEMS },
    expected: "{ items: $.Resources, offset: { input: startIndex, first: 1, total: $.totalResults } }",
  },
  {
    api: "Cloudflare, page numbers",
    inputs: "page per_page",
    body: {
      success: true,
      errors: [],
      messages: [],
      result: ITEMS,
      result_info: { page: 1, per_page: 2, count: 2, total_count: 9, total_pages: 5 },
    },
    expected:
      "{ items: $.result, page: { input: page, pages: $.result_info.total_pages, total: $.result_info.total_count } }",
  },
  {
    api: "Slack, page numbers",
    inputs: "query page count",
    body: {
      ok: true,
      messages: { matches: ITEMS, paging: { count: 2, total: 9, page: 1, pages: 5 } },
    },
    expected:
      "{ items: $.messages.matches, page: { input: page, pages: $.messages.paging.pages, total: $.messages.paging.total } }",
  },
  {
    api: "Spring: counted from 0",
    inputs: "page size sort",
    body: { content: ITEMS, number: 0, size: 2, totalPages: 5, totalElements: 9 },
    expected: "{ items: $.content, page: { input: page, first: 0, pages: $.totalPages, total: $.totalElements } }",
  },
  {
    api: "names alone",
    inputs: "page per_page",
    body: ITEMS,
    expected: "{ items: $, page: { input: page } }",
  },
  {
    api: "a page that the caller gives",
    inputs: "page size",
    given: { page: 0 },
    body: { content: ITEMS },
    expected: "{ items: $.content, page: { input: page, first: 0 } }",
  },
  {
    api: "of page and offset, the one that is given",
    inputs: "page offset",
    given: { offset: 4 },
    body: { items: ITEMS },
    expected: "{ items: $.items, offset: { input: offset } }",
  },
  {
    api: "of page and offset, the one that the answer speaks of",
    inputs: "page offset",
    body: { items: ITEMS, total_pages: 4 },
    expected: "{ items: $.items, page: { input: page, pages: $.total_pages } }",
  },
  { api: "an empty list", inputs: "page offset", body: { items: [] }, expected: "whole $.items" },
  // Not to be told.
  {
    api: "page and offset",
    inputs: "page offset",
    body: { items: ITEMS },
    expected: ["{ items: $.items, offset: { input: offset } }", "{ items: $.items, page: { input: page } }"],
  },
  {
    api: "page and size, without the number of this page",
    inputs: "page size",
    body: { content: ITEMS },
    expected: ["{ items: $.content, page: { input: page, first: 0 } }", "{ items: $.content, page: { input: page } }"],
  },
  {
    api: "two cursors for one input",
    inputs: "cursor",
    body: { items: ITEMS, next_cursor: "c2", paging: { next_cursor: "d2" } },
    expected: [
      "{ items: $.items, cursor: { input: cursor, from: $.next_cursor } }",
      "{ items: $.items, cursor: { input: cursor, from: $.paging.next_cursor } }",
    ],
  },
  { api: "nothing", inputs: "q", body: { items: ITEMS }, expected: "none" },
  { api: "a size alone", inputs: "limit", body: ITEMS, expected: "none" },
  {
    api: "a cursor that the answer does not speak of",
    inputs: "after per_page",
    body: ITEMS,
    expected: "none",
  },
  {
    api: "a cursor that no input takes",
    inputs: "q",
    body: { items: ITEMS, next_cursor: "c" },
    expected: "none $.next_cursor",
  },
  { api: "no list", inputs: "page", body: { id: "a", name: "x" }, expected: "none" },
  { api: "several lists", inputs: "offset", body: { cats: ITEMS, dogs: ITEMS }, expected: "none" },
  { api: "text", inputs: "page", body: "plain", expected: "none" },
  { api: "no body", inputs: "page", body: null, expected: "none" },
  {
    api: "a POST whose answer is no list that goes on",
    inputs: "page",
    method: "POST",
    body: { chapters: ITEMS },
    expected: "none",
  },
  {
    api: "a POST whose answer counts its pages",
    inputs: "page",
    method: "POST",
    body: { results: ITEMS, total_pages: 3 },
    expected: "{ items: $.results, page: { input: page, pages: $.total_pages } }",
  },
  {
    api: "names of prototypes",
    inputs: "cursor",
    body: JSON.parse('{"__proto__":{"next_cursor":"c"},"items":[{"constructor":1}]}'),
    expected: "none",
  },
];

describe("detectPagination()", () => {
  test.each(cases)("$api", async ({ inputs, given = {}, headers = {}, body, method = "GET", expected }) => {
    const lines = inputs.split(" ").map(name => `  - { name: "${name}", in: query }`);
    const more = inputs === "" ? "" : `inputParameters:\n${lines.join("\n")}`;
    const capability = await openTextRuntime(operationText(more, { method }));
    const operation = capability.find("op");
    const first = { outputs: body, status: 200, headers, body, url: "https://api.test/v1/", inputs: given };
    expect(textOf(detectPagination(operation, first))).toEqual(expected);
  });
});

function textOf(detection: ReturnType<typeof detectPagination>): string | string[] {
  switch (detection.kind) {
    case "found":
      return describePagination(detection.pagination);
    case "ambiguous":
      return detection.candidates.map(describePagination);
    case "whole":
      return `whole ${detection.items}`;
    case "none":
      return `none ${detection.cursor ?? ""}`.trimEnd();
  }
}
