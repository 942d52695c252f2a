import { afterEach, describe, expect, test } from "vitest";
import type { PagesOptions } from "../../../src/engine/call-options.ts";
import type { Overlays } from "../../../src/language/overlays/overlays.ts";
import type { Pagination } from "../../../src/language/overlays/pagination.ts";
import { createMemoryTransport } from "../../../src/net/memory.ts";
import { openText, operationText } from "../../support/open-text.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";
import { failureOf, itemsOf, type PagedAnswer, startPagedApi } from "./paged-api.ts";

/** Items that the APIs below hand out. */
const ALL = [{ id: "a" }, { id: "b" }, { id: "c" }, { id: "d" }, { id: "e" }];

let upstream: Upstream | undefined;

afterEach(async () => {
  await upstream?.close();
  upstream = undefined;
});

interface Api {
  readonly name: string;
  readonly inputs: string;
  readonly answer: (query: URLSearchParams, origin: string) => PagedAnswer;
  readonly pagination?: Pagination;
  readonly given?: Readonly<Record<string, unknown>>;
  /** Ids of the items of all pages; all by default. */
  readonly expected?: string;
  /** Queries of the requests, in order. */
  readonly queries: readonly string[];
}

function slice(start: number, length = 2): readonly unknown[] {
  return ALL.slice(start, start + length);
}

const apis: readonly Api[] = [
  {
    name: "cursor",
    inputs: "cursor",
    answer: query => {
      const start = Number(query.get("cursor") ?? 0);
      return { body: { items: slice(start), next_cursor: start + 2 < ALL.length ? String(start + 2) : "" } };
    },
    queries: ["", "?cursor=2", "?cursor=4"],
  },
  {
    name: "cursor by the last item",
    inputs: "limit starting_after",
    given: { limit: "2" },
    answer: query => {
      const start = ALL.findIndex(({ id }) => id === query.get("starting_after")) + 1;
      return { body: { data: slice(start), has_more: start + 2 < ALL.length } };
    },
    queries: ["?limit=2", "?limit=2&starting_after=b", "?limit=2&starting_after=d"],
  },
  {
    name: "cursor of an unusual name, described",
    inputs: "at",
    pagination: { items: "$.x.list", cursor: { input: "at", from: "$.x.further" } },
    answer: query => {
      const start = Number(query.get("at") ?? 0);
      return { body: { x: { list: slice(start), ...(start < 4 ? { further: start + 2 } : {}) }, y: [1] } };
    },
    queries: ["", "?at=2", "?at=4"],
  },
  {
    name: "link header",
    inputs: "page q",
    given: { q: "a b" },
    answer: (query, origin) => {
      const page = Number(query.get("page") ?? 1);
      const next = page < 3 ? `<${origin}/v1/?q=a%20b&page=${page + 1}>; rel="next", ` : "";
      return { body: slice((page - 1) * 2), link: `${next}<${origin}/v1/?page=1>; rel="first"` };
    },
    queries: ["?q=a%20b", "?q=a%20b&page=2", "?q=a%20b&page=3"],
  },
  {
    name: "link header of another relation, described",
    inputs: "",
    pagination: { link: "older" },
    answer: query => {
      const page = Number(query.get("p") ?? 1);
      return { body: slice((page - 1) * 2), ...(page < 3 ? { link: `<?p=${page + 1}>; rel=older` } : {}) };
    },
    queries: ["", "?p=2", "?p=3"],
  },
  {
    name: "next URL, relative to the request",
    inputs: "",
    answer: query => {
      const page = Number(query.get("page") ?? 1);
      return {
        body: { results: slice((page - 1) * 2), next: page < 3 ? `/v1/?page=${page + 1}#top` : null },
      };
    },
    queries: ["", "?page=2", "?page=3"],
  },
  {
    name: "next URL, by relation",
    inputs: "",
    answer: (query, origin) => {
      const page = Number(query.get("page") ?? 1);
      const next = page < 3 ? [{ rel: "next", href: `${origin}/v1/?page=${page + 1}` }] : [];
      return { body: { items: slice((page - 1) * 2), links: [{ rel: "self", href: "/" }, ...next] } };
    },
    queries: ["", "?page=2", "?page=3"],
  },
  {
    name: "offset with a total",
    inputs: "offset",
    answer: query => {
      const start = Number(query.get("offset") ?? 0);
      return { body: { data: slice(start), total_count: 5 } };
    },
    queries: ["", "?offset=2", "?offset=4"],
  },
  {
    name: "offset without a total: until a page is empty",
    inputs: "skip",
    answer: query => ({ body: slice(Number(query.get("skip") ?? 0)) }),
    queries: ["", "?skip=2", "?skip=4", "?skip=5"],
  },
  {
    name: "offset from where the caller begins",
    inputs: "offset",
    given: { offset: "3" },
    answer: query => ({ body: { data: slice(Number(query.get("offset"))), total_count: 5 } }),
    expected: "d e",
    queries: ["?offset=3"],
  },
  {
    name: "offset counted from 1",
    inputs: "startIndex",
    answer: query => {
      const start = Number(query.get("startIndex") ?? 1);
      return { body: { totalResults: 5, startIndex: start, Resources: slice(start - 1) } };
    },
    queries: ["", "?startIndex=3", "?startIndex=5"],
  },
  {
    name: "page number with the number of pages",
    inputs: "page",
    answer: query => {
      const page = Number(query.get("page") ?? 1);
      return { body: { items: slice((page - 1) * 2), page, total_pages: 3 } };
    },
    queries: ["", "?page=2", "?page=3"],
  },
  {
    name: "page number with the number of items",
    inputs: "page",
    answer: query => ({ body: { items: slice((Number(query.get("page") ?? 1) - 1) * 2), total: 5 } }),
    queries: ["", "?page=2", "?page=3"],
  },
  {
    name: "page number counted from 0",
    inputs: "page size",
    answer: query => {
      const number = Number(query.get("page") ?? 0);
      return { body: { content: slice(number * 2), number, totalPages: 3 } };
    },
    queries: ["", "?page=1", "?page=2"],
  },
  {
    name: "page number until a page is empty",
    inputs: "page",
    answer: query => ({ body: slice((Number(query.get("page") ?? 1) - 1) * 2) }),
    queries: ["", "?page=2", "?page=3", "?page=4"],
  },
  {
    name: "page number from where the caller begins",
    inputs: "page",
    given: { page: 2 },
    answer: query => ({
      body: { items: slice((Number(query.get("page") ?? 1) - 1) * 2), page: 2, total_pages: 3 },
    }),
    expected: "c d e",
    queries: ["?page=2", "?page=3"],
  },
  {
    name: "page number, where the last page leaves its list out",
    inputs: "page",
    pagination: { items: "$.rows", page: { input: "page" } },
    answer: query => {
      const rows = slice((Number(query.get("page") ?? 1) - 1) * 2);
      return { body: rows.length === 0 ? {} : { rows } };
    },
    queries: ["", "?page=2", "?page=3", "?page=4"],
  },
  {
    name: "a list in one page",
    inputs: "cursor",
    answer: () => ({ body: { items: ALL, next_cursor: null } }),
    queries: [""],
  },
  {
    name: "an empty list",
    inputs: "page",
    answer: () => ({ body: { items: [], total: 0 } }),
    expected: "",
    queries: [""],
  },
];

async function openApi(answer: Api["answer"], inputs: string, more = "") {
  upstream = await startPagedApi(answer);
  const lines = inputs
    .split(" ")
    .filter(Boolean)
    .map(name => `  - { name: ${name}, in: query }`);
  const declared = lines.length === 0 ? "" : `inputParameters:\n${lines.join("\n")}\n`;
  return openText(operationText(`${declared}${more}`, { baseUri: `${upstream.url}/v1` }));
}

function queriesOf({ requests }: Upstream): string[] {
  return requests.map(({ url }) => new URL(url, "http://any.test").search);
}

describe("Capability.pages()", () => {
  test.each(apis)("walks by $name", async ({ answer, inputs, given, pagination, expected, queries }) => {
    await using capability = await openApi(answer, inputs);
    const options = pagination === undefined ? {} : { pagination };
    const items = (await itemsOf(capability.pages("op", given, options))) as { id: string }[];
    expect(items.map(({ id }) => id).join(" ")).toBe(expected ?? "a b c d e");
    expect(queriesOf(upstream as Upstream)).toEqual(queries);
  });

  const counted: Api["answer"] = query => ({
    body: { data: slice(Number(query.get("offset") ?? 0)), total_count: 5 },
  });

  test("gives pages with what run gives", async () => {
    await using capability = await openApi(counted, "offset");
    const pages = [];
    for await (const page of capability.pages("op")) pages.push(page);
    expect(pages).toHaveLength(3);
    expect(pages.map(({ page, more }) => [page, more])).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ]);
    expect(pages[1]).toMatchObject({
      outputs: { data: [{ id: "c" }, { id: "d" }], total_count: 5 },
      items: [{ id: "c" }, { id: "d" }],
      status: 200,
      headers: { "content-type": "application/json" },
      body: { data: [{ id: "c" }, { id: "d" }], total_count: 5 },
      pagination: { items: "$.data", offset: { input: "offset", total: "$.total_count" } },
    });
  });

  test("asks for a page when the loop comes to it", async () => {
    await using capability = await openApi(counted, "offset");
    for await (const { page } of capability.pages("op")) if (page === 2) break;
    expect(queriesOf(upstream as Upstream)).toEqual(["", "?offset=2"]);
  });

  const bounds: readonly (readonly [options: PagesOptions, ids: string, more: boolean, requests: number])[] = [
    [{ maxPages: 1 }, "a b", true, 1],
    [{ maxPages: 2 }, "a b c d", true, 2],
    [{ maxPages: 3 }, "a b c d e", false, 3],
    [{ maxItems: 1 }, "a", true, 1],
    [{ maxItems: 2 }, "a b", true, 1],
    [{ maxItems: 3 }, "a b c", true, 2],
    [{ maxItems: 5 }, "a b c d e", false, 3],
    [{ maxItems: 9 }, "a b c d e", false, 3],
    [{ maxItems: 3, maxPages: 1 }, "a b", true, 1],
  ];

  test.each(bounds)("ends by %j", async (options, ids, more, requests) => {
    await using capability = await openApi(counted, "offset");
    const pages = [];
    for await (const page of capability.pages("op", {}, options)) pages.push(page);
    expect(pages.flatMap(({ items = [] }) => items.map(item => (item as { id: string }).id)).join(" ")).toBe(ids);
    expect(pages.at(-1)?.more).toBe(more);
    expect(upstream?.requests).toHaveLength(requests);
  });

  test("is bounded to 1,000 pages by default", async () => {
    let requests = 0;
    const transport = createMemoryTransport(() => {
      requests++;
      return { body: Buffer.from(JSON.stringify({ items: [requests], next_cursor: `c${requests}` })) };
    });
    await using capability = await openText(operationText("inputParameters: [{ name: cursor, in: query }]"), {
      transport,
    });
    const { items, error } = await failureOf(capability.pages("op"));
    expect(items).toHaveLength(1_000);
    expect(error).toMatchObject({ code: "RESPONSE_INVALID", message: expect.stringContaining("1000 pages") });
    expect(requests).toBe(1_000);
  });

  interface Outputs {
    readonly outputs: string;
    readonly items: unknown;
  }

  const outputs: readonly Outputs[] = [
    // The file's outputs of an answer go before the answer itself.
    { outputs: "[{ name: ids, type: array, value: '$.data[*].id' }]", items: ["a", "b", "c", "d", "e"] },
    { outputs: "[{ name: result, type: object, value: $. }]", items: ALL },
    {
      outputs: "[{ name: n, type: number, value: $.total_count }]",
      items: [{ n: 5 }, { n: 5 }, { n: 5 }],
    },
    {
      outputs: "[{ name: ids, type: array, value: '$.data[*].id' }, { name: n, type: number, value: $.total_count }]",
      items: [
        { ids: ["a", "b"], n: 5 },
        { ids: ["c", "d"], n: 5 },
        { ids: ["e"], n: 5 },
      ],
    },
  ];

  test.each(outputs)("gives the items of the outputs $outputs", async ({ outputs: declared, items }) => {
    await using capability = await openApi(counted, "offset", `outputParameters: ${declared}`);
    expect(await itemsOf(capability.pages("op"))).toEqual(items);
    expect(queriesOf(upstream as Upstream)).toEqual(["", "?offset=2", "?offset=4"]);
  });

  test("puts the position into the body of a POST", async () => {
    upstream = await startPagedApi((_, __, text) => {
      const { start_cursor: start = 0, filter } = JSON.parse(text);
      return { body: { results: slice(start), filter, next_cursor: start < 4 ? start + 2 : null } };
    });
    const text = operationText("inputParameters: [{ name: body, in: body, type: object }]", {
      method: "POST",
      baseUri: upstream.url,
    });
    await using capability = await openText(text);
    const pagination = { cursor: { input: "body.start_cursor", from: "$.next_cursor" } };
    const body = { filter: "x" };
    expect(await itemsOf(capability.pages("op", { body }, { pagination }))).toEqual(ALL);
    expect(upstream.requests.map(request => request.body)).toEqual([
      '{"filter":"x"}',
      '{"filter":"x","start_cursor":2}',
      '{"filter":"x","start_cursor":4}',
    ]);
    expect(body).toEqual({ filter: "x" });
  });

  test("puts a cursor that is an object into the body", async () => {
    const keys = [{ pk: { S: "b" } }, { pk: { S: "d" } }];
    upstream = await startPagedApi((_, __, text) => {
      const { ExclusiveStartKey: from } = JSON.parse(text);
      const page = from === undefined ? 0 : keys.findIndex(({ pk }) => pk.S === from.pk.S) + 1;
      return { body: { Items: slice(page * 2), ...(page < 2 ? { LastEvaluatedKey: keys[page] } : {}) } };
    });
    const text = operationText("inputParameters: [{ name: ExclusiveStartKey, in: body, type: object }]", {
      method: "POST",
      baseUri: upstream.url,
    });
    await using capability = await openText(text);
    const pagination = { cursor: { input: "ExclusiveStartKey", from: "$.LastEvaluatedKey" } };
    const options = { pagination };
    expect(await itemsOf(capability.pages("op", { ExclusiveStartKey: { pk: { S: "-" } } }, options))).toEqual(ALL);
    expect(upstream.requests).toHaveLength(3);
  });

  test("walks pages of rows of text", async () => {
    const transport = createMemoryTransport(({ url }) => {
      const start = Number(new URL(url).searchParams.get("offset") ?? 0);
      return {
        body: Buffer.from(["id", ...slice(start).map(item => (item as { id: string }).id)].join("\n")),
      };
    });
    const text = operationText("outputRawFormat: csv\ninputParameters: [{ name: offset, in: query }]");
    await using capability = await openText(text, { transport });
    expect(await itemsOf(capability.pages("op"))).toEqual(ALL);
  });

  test("walks pages that are nested as deep as an answer may be", async () => {
    const deep = `${"[".repeat(990)}${"]".repeat(990)}`;
    let page = 0;
    const transport = createMemoryTransport(() => {
      page++;
      return { body: Buffer.from(`{"items":[[${page},${deep}]],"next_cursor":${page < 3 ? page : null}}`) };
    });
    const text = operationText("inputParameters: [{ name: cursor, in: query }]");
    await using capability = await openText(text, { transport });
    expect(await itemsOf(capability.pages("op"))).toHaveLength(3);
  });

  test("sends the credential with a URL of the next page, in its header or in the query", async () => {
    for (const [authentication, expected] of [
      ["{ type: bearer, token: tok-1234 }", ["/v1/", "/v1/?page=2"]],
      [
        "{ type: apikey, key: k y, value: tok-1234, placement: query }",
        ["/v1/?k%20y=tok-1234", "/v1/?page=2&k%20y=tok-1234"],
      ],
    ] as const) {
      const api = await startPagedApi(query => ({
        body: { results: slice(query.has("page") ? 2 : 0), next: query.has("page") ? null : "/v1/?page=2" },
      }));
      const text = operationText("", { baseUri: `${api.url}/v1` }).replace(
        "  resources:",
        `  authentication: ${authentication}\n  resources:`,
      );
      await using capability = await openText(text);
      await itemsOf(capability.pages("op"));
      expect(api.requests.map(({ url }) => url)).toEqual(expected);
      if (authentication.includes("bearer"))
        expect(api.requests.map(({ headers }) => headers.authorization)).toEqual([
          "Bearer tok-1234",
          "Bearer tok-1234",
        ]);
      await api.close();
    }
  });
});

interface Failure {
  readonly name: string;
  readonly inputs?: string;
  readonly method?: string;
  readonly given?: Readonly<Record<string, unknown>>;
  readonly answer: (query: URLSearchParams, origin: string) => PagedAnswer;
  readonly options?: PagesOptions;
  /** How many items came before. */
  readonly items?: number;
  readonly code?: string;
  readonly message: string;
  readonly requests?: number;
}

function nextUrl(target: string): Failure["answer"] {
  return () => ({ body: { results: [{ id: "a" }], next: target } });
}

const failures: readonly Failure[] = [
  {
    name: "no way to the next page",
    inputs: "q",
    answer: () => ({ body: ALL }),
    message: "page 1 does not tell the next: there is no Link header",
  },
  {
    name: "more than one way",
    inputs: "page offset",
    answer: () => ({ body: ALL }),
    message: "{ items: $, offset: { input: offset } } or { items: $, page: { input: page } }",
  },
  {
    name: "a cursor that no input takes",
    answer: () => ({ body: { items: ALL, next_cursor: "x" } }),
    message: "has a cursor at $.next_cursor, and no input is known to take it",
  },
  {
    name: "the same cursor twice",
    inputs: "cursor",
    answer: query => ({ body: { items: [{ id: `after ${query.get("cursor")}` }], next_cursor: "c2" } }),
    items: 2,
    message: "page 2 names a next page that was asked for already: cursor c2",
    requests: 2,
  },
  {
    name: "a circle of URLs",
    answer: query => ({
      body: { results: [{ id: query.get("p") ?? "1" }], next: query.get("p") === "2" ? "?p=3" : "?p=2" },
    }),
    items: 3,
    message: "page 3 names a next page that was asked for already",
    requests: 3,
  },
  {
    name: "an offset that the API does not read",
    inputs: "offset",
    answer: () => ({ body: ALL }),
    items: 5,
    message: 'page 2 is the same as page 1: the API does not seem to read input "offset"',
    requests: 2,
  },
  {
    name: "a page without a cursor that says there are more",
    inputs: "cursor",
    answer: query =>
      query.has("cursor")
        ? { body: { items: [2], has_more: true } }
        : { body: { items: [1], has_more: true, next_cursor: "c2" } },
    items: 1,
    message: "page 2 says that there are more, but has no cursor for them",
    requests: 2,
  },
  {
    name: "a cursor that is none",
    inputs: "cursor",
    answer: query => ({
      body: { items: [query.get("cursor")], next_cursor: query.has("cursor") ? { x: 1 } : "c" },
    }),
    items: 1,
    message: 'page 2 has no cursor where one is expected, but {"x":1}',
    requests: 2,
  },
  {
    name: "a URL of another host",
    answer: nextUrl("http://127.0.0.2:1/v1/?p=2"),
    message: "at another origin",
  },
  {
    name: "a URL of another port",
    answer: nextUrl("http://127.0.0.1:1/v1/?p=2"),
    message: "at another origin",
  },
  { name: "a URL without a scheme", answer: nextUrl("//evil.test/v1/?p=2"), message: "at another origin" },
  {
    name: "a URL of another scheme",
    answer: (_, origin) => ({ body: { results: [1], next: origin.replace("http:", "https:") } }),
    message: "at another origin",
  },
  {
    name: "a URL with a password",
    answer: (_, origin) => ({ body: { results: [1], next: origin.replace("//", "//u:p@") } }),
    message: "a user name or password",
  },
  { name: "a URL outside the base URI", answer: nextUrl("/v2/?p=2"), message: "outside the base URI" },
  { name: "a URL that only begins alike", answer: nextUrl("/v1x/?p=2"), message: "outside the base URI" },
  { name: "a URL that goes up", answer: nextUrl("/v1/../admin"), message: "outside the base URI" },
  { name: "a URL that goes up, encoded", answer: nextUrl("/v1/..%2Fadmin"), message: "outside the base URI" },
  {
    name: "a URL that goes up, all encoded",
    answer: nextUrl("/v1/%2e%2e%5cadmin"),
    message: "outside the base URI",
  },
  {
    name: "a link to another origin",
    answer: () => ({ body: ALL, link: '<https://evil.test/v1/?page=2>; rel="next"' }),
    message: '"https://evil.test/v1/?page=2"',
  },
  {
    name: "a described URL that is none",
    options: { pagination: { nextUrl: "$.x" } },
    answer: () => ({ body: { items: ALL, x: 5 } }),
    message: "page 1 has no URL at $.x but 5",
  },
  {
    name: "described items that are not there",
    inputs: "page",
    options: { pagination: { items: "$.itmes", page: { input: "page" } } },
    answer: () => ({ body: { items: ALL } }),
    message: "has nothing where its pagination has the items; there is a list at $.items",
  },
  {
    name: "a bound on items that are none",
    inputs: "cursor",
    options: { maxItems: 3 },
    answer: () => ({ body: { id: "x", next_cursor: "c" } }),
    message: "has no items to count",
  },
  {
    name: "an offset that is no number",
    inputs: "offset",
    given: { offset: "b" },
    answer: () => ({ body: ALL }),
    message: 'was asked for with "b" for input "offset", which is not a number to count from',
  },
  {
    name: "a method that changes something",
    method: "DELETE",
    answer: () => ({ body: ALL }),
    code: "REQUEST_INVALID",
    message: "a DELETE changes what it names",
    requests: 0,
  },
  {
    name: "an API error at a later page",
    inputs: "page",
    answer: query =>
      query.has("page") ? { status: 500, body: { error: "down" } } : { body: { items: [1], total_pages: 3 } },
    items: 1,
    code: "HTTP_STATUS",
    message: "op: HTTP 500",
    requests: 2,
  },
];

test("Capability.pages() sends with a URL of the next page what the file fixes", async () => {
  const first = "/v1/?v=2026&q=x&k=tok%2B1234";
  const text = (baseUri: string) =>
    operationText(
      `inputParameters:
  - { name: v, in: query, value: "2026" }
  - { name: q, in: query }
  - { name: k, in: query, value: "{{TOKEN}}" }`,
      { baseUri },
    );
  upstream = await startPagedApi(query => ({
    body: {
      results: slice(query.has("page") ? 2 : 0),
      next: query.has("page") ? null : "/v1/?page=2&v=2025",
    },
  }));
  await using capability = await openText(text(`${upstream.url}/v1`), { env: { TOKEN: "tok+1234" } });
  await itemsOf(capability.pages("op", { q: "x" }));
  expect(upstream.requests.map(({ url }) => url)).toEqual([first, "/v1/?page=2&v=2025&k=tok%2B1234"]);
});

describe("Capability.pages() with overlays", () => {
  const rows: Api["answer"] = query => ({
    body: { rows: slice((Number(query.get("p") ?? 1) - 1) * 2), other: [1] },
  });

  async function openOverlaid(
    answer: Api["answer"],
    ...layers: readonly (readonly [name: string, operation: object])[]
  ) {
    upstream = await startPagedApi(answer);
    const more = "inputParameters: [{ name: p, in: query }, { name: offset, in: query }]";
    const capabilities = Object.fromEntries(
      layers.map(([name, operation]) => [name, { operations: { op: operation } }]),
    );
    return openText(operationText(more, { baseUri: upstream.url }), {
      overlays: { capabilities } as Overlays,
    });
  }

  const described = { items: "$.rows", page: { input: "p" } };

  test("takes the pagination of an operation", async () => {
    await using capability = await openOverlaid(rows, ["api", { pagination: described }]);
    expect(await itemsOf(capability.pages("op"))).toEqual(ALL);
    expect(queriesOf(upstream as Upstream)).toEqual(["", "?p=2", "?p=3", "?p=4"]);
  });

  test("takes the stronger one as a whole, and the caller's before both", async () => {
    const weaker = { pagination: { items: "$.other", link: "next" } };
    await using capability = await openOverlaid(rows, ["a*", weaker], ["api", { pagination: described }]);
    expect(await itemsOf(capability.pages("op"))).toEqual(ALL);
    const pagination = { items: "$.other", link: "next" };
    expect(await itemsOf(capability.pages("op", {}, { pagination }))).toEqual([1]);
  });

  test("keeps it where a stronger one says nothing of it", async () => {
    await using capability = await openOverlaid(rows, ["a*", { pagination: described }], ["api", { retries: 1 }]);
    expect(await itemsOf(capability.pages("op"))).toEqual(ALL);
  });

  test("counts from a position that is a default", async () => {
    const counted: Api["answer"] = query => ({
      body: { data: slice(Number(query.get("offset"))), total: 5 },
    });
    await using capability = await openOverlaid(counted, ["api", { inputs: { offset: 1 } }]);
    expect(await itemsOf(capability.pages("op"))).toEqual(ALL.slice(1));
    expect(queriesOf(upstream as Upstream)).toEqual(["?offset=1", "?offset=3"]);
  });

  test("refuses one that does not fit, before the first request", async () => {
    const pagination = { cursor: { input: "no", from: "$.c" } };
    await using capability = await openOverlaid(rows, ["a*", { pagination }]);
    const { error } = await failureOf(capability.pages("op"));
    expect(error).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining('its pagination names the input "no", which the operation does not take'),
      details: { diagnostics: [{ pointer: "/capabilities/a*/operations/op/pagination" }] },
    });
    expect(upstream?.requests).toHaveLength(0);
  });
});

describe("Capability.pages() refuses", () => {
  interface Mistake {
    readonly options: unknown;
    readonly type: typeof TypeError | typeof RangeError;
    readonly message: string;
  }

  const mistakes: readonly Mistake[] = [
    { options: { maxPages: 0 }, type: RangeError, message: "maxPages must be a whole number from 1" },
    { options: { maxPages: 1.5 }, type: RangeError, message: "found 1.5" },
    { options: { maxItems: -1 }, type: RangeError, message: "maxItems must be a whole number from 1" },
    { options: { maxItems: "5" }, type: TypeError, message: "maxItems must be a number" },
    { options: { signal: 1 }, type: TypeError, message: "signal must be an AbortSignal" },
    { options: { pagination: "link" }, type: TypeError, message: 'its pagination is not an object: "link"' },
    { options: { pagination: {} }, type: TypeError, message: "must have one of cursor, link, nextUrl" },
    { options: { pagination: { items: "$.a" } }, type: TypeError, message: "and has none of them" },
    {
      options: { pagination: { link: "next", nextUrl: "$.next" } },
      type: TypeError,
      message: "and has link and nextUrl",
    },
    { options: { pagination: { linc: "next" } }, type: TypeError, message: 'has "linc", which is not known' },
    {
      options: { pagination: { link: "" } },
      type: TypeError,
      message: 'has a "link" that is not a relation',
    },
    { options: { pagination: { link: true } }, type: TypeError, message: "such as next: true" },
    {
      options: { pagination: { nextUrl: "$.[" } },
      type: TypeError,
      message: 'has a "nextUrl" that is not a JSONPath',
    },
    {
      options: { pagination: { items: 5, link: "next" } },
      type: TypeError,
      message: 'has a "items" that is no',
    },
    {
      options: { pagination: { cursor: "c" } },
      type: TypeError,
      message: 'has a "cursor" that is not an object',
    },
    { options: { pagination: { cursor: {} } }, type: TypeError, message: 'has no "cursor.input"' },
    {
      options: { pagination: { cursor: { input: "page", from: "" } } },
      type: TypeError,
      message: 'has a "cursor.from" that is not a JSONPath',
    },
    {
      options: { pagination: { cursor: { input: "pgae", from: "$.a" } } },
      type: TypeError,
      message: 'names the input "pgae", which the operation does not take; did you mean "page"?',
    },
    {
      options: { pagination: { cursor: { input: "body.page", from: "$.a" } } },
      type: TypeError,
      message: 'names the input "body.page"',
    },
    {
      options: { pagination: { cursor: { input: "page", form: "$.a" } } },
      type: TypeError,
      message: 'has "cursor.form", which is not known; did you mean "from"?',
    },
    {
      options: { pagination: { page: { input: "page", first: -1 } } },
      type: TypeError,
      message: 'has a "page.first" that is not a whole number: -1',
    },
  ];

  test.each(mistakes)("$options", async ({ options, type, message }) => {
    await using capability = await openApi(() => ({ body: ALL }), "page");
    const { error } = await failureOf(capability.pages("op", {}, options as PagesOptions));
    expect(error).toBeInstanceOf(type);
    expect((error as Error).message).toContain(message);
    expect(upstream?.requests).toHaveLength(0);
  });

  test("an operation that is not there, and an input that is not", async () => {
    await using capability = await openApi(() => ({ body: ALL }), "page");
    expect((await failureOf(capability.pages("po"))).error).toMatchObject({ code: "OPERATION_NOT_FOUND" });
    expect((await failureOf(capability.pages("op", { pgae: 1 }))).error).toMatchObject({
      code: "INPUT_UNKNOWN",
    });
    expect(upstream?.requests).toHaveLength(0);
  });
});

describe("Capability.pages() can be ended", () => {
  const endless: Api["answer"] = query => {
    const n = Number(query.get("cursor") ?? 0);
    return { body: { items: [n], next_cursor: String(n + 1) } };
  };

  test("between pages, by a signal", async () => {
    await using capability = await openApi(endless, "cursor");
    const abort = new AbortController();
    const { items, error } = await failureOf(
      (async function* () {
        for await (const page of capability.pages("op", {}, { signal: abort.signal })) {
          yield page;
          if (page.page === 2) abort.abort();
        }
      })(),
    );
    expect(items).toEqual([0, 1]);
    expect(error).toMatchObject({ code: "ABORTED" });
    expect(upstream?.requests).toHaveLength(2);
  });

  test("during a request, by a signal", async () => {
    const abort = new AbortController();
    const server = await startUpstream((request, response) => {
      if (request.url.includes("cursor")) abort.abort();
      else answerJson(response, 200, { items: [1], next_cursor: "c" });
    });
    const text = operationText("inputParameters: [{ name: cursor, in: query }]", { baseUri: server.url });
    await using capability = await openText(text);
    const { items, error } = await failureOf(capability.pages("op", {}, { signal: abort.signal }));
    expect(items).toEqual([1]);
    expect(error).toMatchObject({ code: "ABORTED", details: { operation: "op" } });
    await server.close();
  });

  test("by closing the capability", async () => {
    const capability = await openApi(endless, "cursor");
    const pages = capability.pages("op");
    expect((await pages.next()).value).toMatchObject({ items: [0] });
    await capability.close();
    await expect(pages.next()).rejects.toMatchObject({ code: "ABORTED" });
    expect(upstream?.requests).toHaveLength(1);
  });

  test("with the bad page's secret masked", async () => {
    upstream = await startPagedApi(() => ({
      body: { results: [1], next: "https://evil.test/?key=hush-hush" },
    }));
    await using capability = await openText(
      operationText("inputParameters: [{ name: k, in: header, value: '{{TOKEN}}' }]", {
        baseUri: upstream.url,
      }),
      { env: { TOKEN: "hush-hush" } },
    );
    const { error } = await failureOf(capability.pages("op"));
    expect((error as Error).message).toContain("https://evil.test/?key=***");
    expect(String((error as Error).stack)).not.toContain("hush-hush");
  });
});

describe("Capability.pages() ends with an error for", () => {
  test.each(failures)("$name", async failure => {
    const { answer, inputs = "", method = "GET", given, options, code = "RESPONSE_INVALID" } = failure;
    upstream = await startPagedApi(answer);
    const lines = inputs.split(" ").filter(Boolean);
    const declared = lines.map(name => `{ name: ${name}, in: query }`).join(", ");
    const text = operationText(`inputParameters: [${declared}]`, { method, baseUri: `${upstream.url}/v1` });
    await using capability = await openText(text);
    const { items, error } = await failureOf(capability.pages("op", given, options));
    expect(error).toMatchObject({ code, message: expect.stringContaining(failure.message) });
    expect(items).toHaveLength(failure.items ?? firstItems(failure));
    expect(upstream.requests).toHaveLength(failure.requests ?? 1);
  });
});

/**
 * Returns the number of items before the failure. A URL is checked when it is followed: the page that names it was
 * given.
 */
function firstItems({ message }: Failure): number {
  if (/origin|outside|password/.test(message)) return 1;
  return message.includes("evil.test") ? ALL.length : 0;
}
