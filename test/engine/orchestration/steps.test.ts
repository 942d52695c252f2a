import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { StepEvent } from "../../../src/engine/orchestration/unit-answer.ts";
import { type Exposed, openExposed } from "../../support/open-exposed.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

/** Units by name: steps and what stands beside them. */
const units: Readonly<Record<string, { readonly steps: readonly object[]; readonly [member: string]: unknown }>> = {
  crew: {
    inputParameters: [{ name: "imo", type: "string" }],
    steps: [
      { type: "call", name: "get-ship", call: "api.ship", with: { imo: "{{imo}}" } },
      { type: "call", name: "list-crew", call: "api.crew" },
      {
        type: "lookup",
        name: "resolve",
        index: "list-crew",
        match: "crewId",
        lookupValue: "$.get-ship.assigned",
        outputParameters: ["fullName", "rank"],
      },
    ],
    mappings: [
      { targetName: "imo", value: "$.get-ship.imo" },
      { targetName: "ship.name", value: "$.get-ship.name" },
      { targetName: "ship.none", value: "$.get-ship.missing" },
      { targetName: "ship.gone", value: "$.get-ship.gone" },
      { targetName: "crew", value: "{{$.resolve}}" },
      { targetName: "first", value: "$.resolve[0].fullName" },
    ],
  },
  unmapped: { steps: [{ type: "call", name: "ship", call: "api.ship", with: { imo: "1" } }] },
  shaped: {
    steps: [{ type: "call", name: "ship", call: "api.ship", with: { imo: "1" } }],
    outputParameters: [{ type: "object", properties: { n: { type: "string", mapping: "$.name" } } }],
  },
  "last-lookup": {
    steps: [
      { type: "call", name: "list", call: "api.crew" },
      { type: "lookup", name: "one", index: "list", match: "crewId", lookupValue: "7", outputParameters: ["fullName"] },
    ],
  },
  "lookup-variable": {
    steps: [
      { type: "call", name: "list", call: "api.crew" },
      {
        type: "lookup",
        name: "one",
        index: "list",
        match: "crewId",
        lookupValue: "{{env.CREW}}",
        outputParameters: ["fullName"],
      },
    ],
  },
  "each-variable": {
    steps: [
      {
        type: "call",
        name: "all",
        call: "api.echo",
        with: { q: "{{item}}" },
        "x-forEach": { items: ["{{env.CREW}}", "no {{CREW}}"] },
      },
    ],
  },
  "each-unset": {
    steps: [{ type: "call", name: "all", call: "api.echo", with: { q: "{{item}}" }, "x-forEach": ["{{env.GONE}}"] }],
  },
  "no-match": {
    steps: [
      { type: "call", name: "list", call: "api.crew" },
      {
        type: "lookup",
        name: "one",
        index: "list",
        match: "crewId",
        lookupValue: "99",
        outputParameters: ["fullName"],
      },
      {
        type: "lookup",
        name: "many",
        index: "list",
        match: "crewId",
        lookupValue: "$.list[?(@.x)].y",
        outputParameters: ["fullName"],
      },
      {
        type: "lookup",
        name: "null",
        index: "list",
        match: "crewId",
        lookupValue: "$.list[0].none",
        outputParameters: ["fullName"],
      },
    ],
    mappings: ["one", "many", "null"].map(name => ({ targetName: name, value: `$.${name}` })),
  },
  values: {
    inputParameters: [{ name: "id", type: "integer" }],
    with: { twice: "{{id}}{{id}}" },
    steps: [
      { type: "call", name: "a", call: "api.echo", with: { q: "{{twice}}", n: "tools.id" } },
      { type: "call", name: "b", call: "api.echo", with: { q: "{{a.query.q}}", n: "$.a.query.n", t: "x{{a.query}}" } },
    ],
    mappings: [{ targetName: "all", value: "$" }],
  },
  named: {
    steps: [
      { type: "call", name: "list", call: "api.crew-named" },
      { type: "call", name: "one", call: "api.ship-named", with: { imo: "1" } },
      {
        type: "lookup",
        name: "found",
        index: "list",
        match: "crew-no",
        lookupValue: "8",
        outputParameters: ["fullName", "crew-no"],
      },
      { type: "call", name: "next", call: "api.echo", with: { q: "{{one.title}}", t: "{{one.name}}" } },
      { type: "call", name: "columns", call: "api.crew-columns" },
      { type: "lookup", name: "row", index: "columns", match: "ids", lookupValue: 8, outputParameters: ["names"] },
    ],
    mappings: ["found", "one", "one.imo", "next.query", "columns", "row"].map(name => ({
      targetName: name.replace(".", "-"),
      value: `$.${name}`,
    })),
  },
  parallel: {
    steps: ["a", "b", "c"].map(name => ({ type: "call", name, call: "api.slow", with: { q: name } })),
    mappings: ["c", "a", "b"].map(name => ({ targetName: name, value: `$.${name}.query.q` })),
  },
  many: {
    steps: Array.from({ length: 25 }, (_, index) => ({
      type: "call",
      name: `s${index}`,
      call: "api.slow",
      with: { q: `${index}` },
    })),
  },
  same: {
    inputParameters: [{ name: "n", type: "integer" }],
    steps: [
      { type: "call", name: "a", call: "api.slow", with: { q: "{{n}}" } },
      { type: "call", name: "b", call: "api.slow", with: { q: "7" } },
      { type: "call", name: "c", call: "api.slow", with: { q: "8" } },
      { type: "call", name: "post", call: "api.post" },
      { type: "call", name: "d", call: "api.slow", with: { q: "7" } },
    ],
    mappings: [{ targetName: "b", value: "$.b.query.q" }],
  },
  "shared-end": {
    steps: [
      { type: "call", name: "a", call: "api.slow", with: { q: "x" }, "x-timeout": 15, "x-continueOnError": true },
      { type: "call", name: "b", call: "api.slow", with: { q: "x" } },
    ],
    mappings: [
      { targetName: "a", value: "$.a" },
      { targetName: "b", value: "$.b.query.q" },
    ],
  },
  writes: {
    steps: [
      { type: "call", name: "r1", call: "api.slow", with: { q: "r1" } },
      { type: "call", name: "w1", call: "api.post", with: { q: "w1" } },
      { type: "call", name: "r2", call: "api.slow", with: { q: "r2" } },
      { type: "call", name: "r3", call: "api.slow", with: { q: "r3" } },
      { type: "call", name: "w2", call: "api.post", with: { q: "w2" } },
    ],
  },
  "fails-first": {
    steps: [
      { type: "call", name: "bad", call: "api.status", with: { code: 404 } },
      { type: "call", name: "hangs", call: "api.hang" },
      { type: "call", name: "write", call: "api.post", with: { q: "never" } },
    ],
  },
  "fails-later": {
    steps: [
      { type: "call", name: "hangs", call: "api.hang" },
      { type: "call", name: "bad", call: "api.status", with: { code: 500 } },
    ],
  },
  "two-fail": {
    steps: [
      { type: "call", name: "one", call: "api.late", with: { code: 409 } },
      { type: "call", name: "two", call: "api.status", with: { code: 500 } },
    ],
  },
  "missing-value": {
    steps: [
      { type: "call", name: "ship", call: "api.ship", with: { imo: "1" } },
      { type: "call", name: "next", call: "api.ship", with: { imo: "{{ship.missing}}" } },
    ],
  },
  if: {
    inputParameters: [{ name: "wanted", type: "boolean" }],
    steps: [
      { type: "call", name: "ship", call: "api.ship", with: { imo: "1" } },
      { type: "call", name: "crew", call: "api.crew", "x-if": "$.ship.name == 'Star' && $.wanted == true" },
      { type: "call", name: "more", call: "api.echo", with: { q: "{{crew}}", t: "x" } },
    ],
    mappings: [
      { targetName: "crew", value: "$.crew" },
      { targetName: "more", value: "$.more.query" },
    ],
  },
  each: {
    inputParameters: [{ name: "ids", type: "array" }],
    steps: [
      {
        type: "call",
        name: "all",
        call: "api.random",
        with: { q: "{{id}}" },
        "x-forEach": { items: "tools.ids", as: "id", maximum: 50 },
      },
      { type: "call", name: "crew", call: "api.crew" },
      { type: "call", name: "ranks", call: "api.echo", with: { q: "{{item.rank}}" }, "x-forEach": "$.crew" },
    ],
    mappings: [
      { targetName: "ids", value: "$.all[*].query.q" },
      { targetName: "ranks", value: "$.ranks[*].query.q" },
    ],
  },
  "each-write": {
    steps: [
      { type: "call", name: "all", call: "api.post", with: { q: "{{item}}" }, "x-forEach": { items: ["1", "2", "3"] } },
    ],
  },
  "each-wrong": {
    steps: [
      { type: "call", name: "ship", call: "api.ship", with: { imo: "1" } },
      { type: "call", name: "all", call: "api.crew", "x-forEach": "$.ship.name" },
    ],
  },
  "each-fails": {
    steps: [
      {
        type: "call",
        name: "all",
        call: "api.status",
        with: { code: "{{item}}" },
        "x-forEach": { items: [200, 503, 200, 200], concurrency: 1 },
      },
    ],
  },
  retry: {
    steps: [
      {
        type: "call",
        name: "flaky",
        call: "api.flaky",
        with: { q: "retry" },
        "x-retry": { attempts: 3, delay: "5ms" },
      },
    ],
  },
  "retry-post": {
    steps: [{ type: "call", name: "flaky", call: "api.flaky-post", with: { q: "post" }, "x-retry": 2 }],
  },
  timeout: { steps: [{ type: "call", name: "hangs", call: "api.hang", "x-timeout": 60 }] },
  "goes-on": {
    steps: [
      { type: "call", name: "bad", call: "api.status", with: { code: 500 }, "x-continueOnError": true },
      { type: "call", name: "good", call: "api.echo", with: { q: "{{bad.x}}", t: "y" } },
    ],
    mappings: [
      { targetName: "bad", value: "$.bad" },
      { targetName: "good", value: "$.good.query" },
    ],
  },
  deep: {
    steps: [{ type: "call", name: "ship", call: "api.ship", with: { imo: "1" } }],
    mappings: [
      { targetName: "a", value: "$.ship" },
      { targetName: "a.b", value: "$.ship.name" },
      { targetName: "ship", value: "$.ship" },
    ],
  },
};

const query = ["q", "n", "t"].map(name => ({ name, in: "query" }));
const operations = [
  ["ship", "GET", "/ships/{imo}", {}],
  ["crew", "GET", "/crew", {}],
  ["crew-named", "GET", "/crew", { outputParameters: [{ name: "crew-no", type: "string", value: "$.crewId" }] }],
  [
    "crew-columns",
    "GET",
    "/crew",
    {
      outputParameters: [
        { name: "ids", type: "array", value: "$[*].crewId" },
        { name: "names", type: "array", value: "$[*].fullName" },
      ],
    },
  ],
  ["ship-named", "GET", "/ships/{imo}", { outputParameters: [{ name: "title", type: "string", value: "$.name" }] }],
  ["echo", "GET", "/echo", { inputParameters: query }],
  ["slow", "GET", "/slow", { inputParameters: query }],
  ["random", "GET", "/random", { inputParameters: query }],
  ["hang", "GET", "/hang", {}],
  ["late", "GET", "/late/{code}", {}],
  ["status", "GET", "/status/{code}", {}],
  ["post", "POST", "/slow", { inputParameters: query }],
  ["flaky", "GET", "/flaky", { inputParameters: query }],
  ["flaky-post", "POST", "/flaky", { inputParameters: query }],
] as const;

const document = stringify({
  binds: [{ namespace: "env", keys: { CREW: "CREW", GONE: "GONE" } }],
  capability: {
    consumes: [
      {
        type: "http",
        namespace: "api",
        baseUri: "https://api.test",
        resources: operations.map(([name, method, path, more]) => ({
          name,
          path,
          operations: [{ name, method, ...more }],
        })),
      },
    ],
    exposes: [
      {
        type: "mcp",
        transport: "stdio",
        namespace: "tools",
        tools: Object.entries(units).map(([name, unit]) => ({ name, description: name, ...unit })),
      },
    ],
  },
});

const SHIP = { imo: "1", name: "Star", assigned: [8, 7, 99, 8], gone: null };
const CREW = [
  { crewId: "7", fullName: "Ann", rank: "mate" },
  { crewId: "8", fullName: "Bob" },
  { crewId: "8", fullName: "Second Bob" },
];

let upstream: Upstream;
let exposed: Exposed;
/** What the API saw: the beginning and the end of each request. */
let seen: string[] = [];
let running = 0;
let most = 0;
const flaky = new Map<string, number>();

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    const url = new URL(request.url, "http://x");
    const q = url.searchParams.get("q");
    const name = `${request.method} ${url.pathname}${q === null ? "" : ` ${q}`}`;
    seen.push(name);
    most = Math.max(most, ++running);
    response.on("close", () => {
      running--;
      seen.push(`${response.writableFinished ? "end" : "cut"} ${name}`);
    });
    const found = { query: Object.fromEntries(url.searchParams) };
    const [, place, code] = url.pathname.split("/");
    if (place === "ships") answerJson(response, 200, SHIP);
    else if (place === "crew") answerJson(response, 200, CREW);
    else if (place === "slow") setTimeout(() => answerJson(response, 200, found), 40);
    else if (place === "random") setTimeout(() => answerJson(response, 200, found), Math.random() * 30);
    else if (place === "late") setTimeout(() => answerJson(response, Number(code), { why: "late" }), 60);
    else if (place === "status") answerJson(response, Number(code), { why: code });
    else if (place === "flaky") {
      const times = (flaky.get(q ?? "") ?? 0) + 1;
      flaky.set(q ?? "", times);
      answerJson(response, times < 3 ? 503 : 200, { times });
    } else if (place === "echo") answerJson(response, 200, found);
  });
  exposed = await openExposed(document, upstream.url, { env: { CREW: "7" } });
});

afterAll(async () => {
  await exposed.runtime.close();
  await upstream.close();
});

function watched() {
  seen = [];
  most = 0;
  return seen;
}

describe("the result of steps", () => {
  it.each<[name: string, inputs: Record<string, unknown>, value: unknown]>([
    [
      "crew",
      { imo: "1" },
      {
        imo: "1",
        ship: { name: "Star", gone: null },
        crew: [
          { fullName: "Bob", rank: null },
          { fullName: "Ann", rank: "mate" },
          { fullName: "Bob", rank: null },
        ],
        first: "Bob",
      },
    ],
    ["unmapped", {}, SHIP],
    ["shaped", {}, { n: "Star" }],
    ["last-lookup", {}, { fullName: "Ann" }],
    ["lookup-variable", {}, { fullName: "Ann" }],
    ["each-variable", {}, [{ query: { q: "7" } }, { query: { q: "no 7" } }]],
    ["no-match", {}, { one: null, many: [], null: null }],
    [
      "values",
      { id: 5 },
      {
        all: {
          a: { query: { q: "55", n: "5" } },
          b: { query: { q: "55", n: "5", t: 'x{"q":"55","n":"5"}' } },
        },
      },
    ],
    [
      "named",
      {},
      {
        found: { fullName: "Bob", "crew-no": "8" },
        one: { title: "Star" },
        "one-imo": "1",
        "next-query": { q: "Star", t: "Star" },
        columns: { ids: ["7", "8", "8"], names: ["Ann", "Bob", "Second Bob"] },
        row: { names: "Bob" },
      },
    ],
    ["shared-end", {}, { a: null, b: "x" }],
    ["parallel", {}, { c: "c", a: "a", b: "b" }],
    ["if", { wanted: true }, { crew: CREW, more: { q: JSON.stringify(CREW), t: "x" } }],
    ["if", { wanted: false }, { crew: null, more: { t: "x" } }],
    ["each", { ids: ["c", "a", "b"] }, { ids: ["c", "a", "b"], ranks: ["mate"] }],
    ["each", { ids: [] }, { ids: [], ranks: ["mate"] }],
    ["each-write", {}, [{ query: { q: "1" } }, { query: { q: "2" } }, { query: { q: "3" } }]],
    ["retry", {}, { times: 3 }],
    ["deep", {}, { a: { ...SHIP, b: "Star" }, ship: SHIP }],
  ])("of %s with %j", async (name, inputs, value) => {
    if (name === "if" && inputs["wanted"] === true) value = { ...(value as object), more: expect.anything() };
    expect(await exposed.value(`tools.${name}`, inputs)).toEqual(value);
  });

  it("has the status 200, and the failures that the file allows", async () => {
    expect(await exposed.call("tools.goes-on")).toMatchObject({
      kind: "value",
      status: 200,
      value: { bad: null, good: { t: "y" } },
      failures: [{ step: "bad", error: { code: "HTTP_STATUS", details: { step: "bad", status: 500 } } }],
    });
  });
});

describe("the order of steps", () => {
  it("lets independent calls run at the same time", async () => {
    watched();
    await exposed.value("tools.parallel");
    expect(most).toBe(3);
  });

  it("lets ten calls run at the same time", async () => {
    watched();
    await exposed.value("tools.many");
    expect(most).toBe(10);
  });

  it("makes identical calls once, until something is changed", async () => {
    const events = watched();
    await exposed.value("tools.same", { n: 7 });
    expect(events.filter(event => event === "GET /slow 7")).toHaveLength(2);
    expect(events.filter(event => event === "GET /slow 8")).toHaveLength(1);
  });

  it("keeps calls that change something in their places", async () => {
    const events = watched();
    await exposed.value("tools.writes");
    const place = (event: string) => events.indexOf(event);
    expect(place("POST /slow w1")).toBeGreaterThan(place("end GET /slow r1"));
    expect(place("GET /slow r2")).toBeGreaterThan(place("end POST /slow w1"));
    expect(place("GET /slow r3")).toBeLessThan(place("end GET /slow r2"));
    expect(place("POST /slow w2")).toBeGreaterThan(place("end GET /slow r3"));
  });

  it("changes things item by item", async () => {
    watched();
    await exposed.value("tools.each-write");
    expect(most).toBe(1);
  });
});

describe("a step that fails", () => {
  it.each<[name: string, inputs: Record<string, unknown>, error: object]>([
    [
      "fails-first",
      {},
      {
        code: "HTTP_STATUS",
        message: expect.stringMatching(/^Step "bad": status: HTTP 404/),
        details: { step: "bad", status: 404, body: { why: "404" } },
      },
    ],
    ["fails-later", {}, { code: "HTTP_STATUS", details: { step: "bad", status: 500 } }],
    ["two-fail", {}, { code: "HTTP_STATUS", details: { step: "one", status: 409 } }],
    ["missing-value", {}, { code: "STEP_FAILED", details: { operation: "missing-value", step: "next" } }],
    ["each-unset", {}, { code: "BIND_MISSING" }],
    ["each-wrong", {}, { code: "STEP_FAILED", message: 'Step "all": x-forEach needs a list, found "Star"' }],
    [
      "each",
      { ids: Array.from({ length: 51 }, () => "x") },
      { code: "STEP_FAILED", message: expect.stringContaining("51 items, and may have 50") },
    ],
    ["each-fails", {}, { code: "HTTP_STATUS", details: { step: "all", status: 503 } }],
    ["retry-post", {}, { code: "HTTP_STATUS", details: { step: "flaky", status: 503 } }],
    ["timeout", {}, { code: "TIMEOUT", details: { step: "hangs", timeoutMs: 60 } }],
    ["crew", {}, { code: "INPUT_MISSING", details: { operation: "crew", inputs: ["imo"] } }],
  ])("ends %s with %j", async (name, inputs, error) => {
    await expect(exposed.call(`tools.${name}`, inputs)).rejects.toMatchObject(error);
  });

  it("ends what still runs, and begins nothing more", async () => {
    const events = watched();
    await expect(exposed.call("tools.fails-first")).rejects.toMatchObject({ code: "HTTP_STATUS" });
    await pause(50);
    expect(events).toContain("cut GET /hang");
    expect(events).not.toContain("POST /slow never");
  });

  it("ends earlier calls too, a moment later", async () => {
    const events = watched();
    await expect(exposed.call("tools.fails-later")).rejects.toMatchObject({ code: "HTTP_STATUS" });
    await pause(50);
    expect(events).toContain("cut GET /hang");
  });

  it("asks for no item behind the one that failed", async () => {
    const events = watched();
    await expect(exposed.call("tools.each-fails")).rejects.toMatchObject({ code: "HTTP_STATUS" });
    expect(events.filter(event => event === "GET /status/200")).toHaveLength(1);
  });
});

describe("the end of steps", () => {
  it("comes with the signal of the caller", async () => {
    const events = watched();
    const controller = new AbortController();
    const calling = exposed.call("tools.timeout", {}, {}, { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await expect(calling).rejects.toMatchObject({ code: "ABORTED" });
    await pause(50);
    expect(events).toContain("cut GET /hang");
  });

  it("comes with the deadline", async () => {
    await expect(exposed.call("tools.fails-first", {}, {}, { deadlineMs: 10_000 })).rejects.toMatchObject({
      code: "HTTP_STATUS",
    });
    const calling = exposed.call("tools.parallel", {}, {}, { deadlineMs: 15 });
    await expect(calling).rejects.toMatchObject({ code: "TIMEOUT", details: { timeoutMs: 15, reason: "deadline" } });
  });

  it("comes before anything is sent where the signal is aborted", async () => {
    const events = watched();
    const signal = AbortSignal.abort();
    await expect(exposed.call("tools.parallel", {}, {}, { signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect(events).toEqual([]);
  });
});

describe("an observer", () => {
  it.each<[name: string, inputs: Record<string, unknown>, events: readonly Partial<StepEvent>[]]>([
    [
      "crew",
      { imo: "1" },
      [
        { step: "get-ship", kind: "call", operation: "ship", outcome: "done", status: 200, attempts: 1, uses: [] },
        { step: "list-crew", kind: "call", operation: "crew", outcome: "done", status: 200, attempts: 1, uses: [] },
        { step: "resolve", kind: "lookup", operation: undefined, outcome: "done", uses: ["get-ship", "list-crew"] },
      ],
    ],
    [
      "if",
      { wanted: false },
      [
        { step: "crew", outcome: "skipped", attempts: 0 },
        { step: "more", outcome: "done" },
        { step: "ship", outcome: "done" },
      ],
    ],
    [
      "goes-on",
      {},
      [
        { step: "bad", outcome: "continued", error: expect.objectContaining({ code: "HTTP_STATUS" }) },
        { step: "good", outcome: "done" },
      ],
    ],
    [
      "fails-first",
      {},
      [
        { step: "bad", outcome: "failed" },
        { step: "hangs", outcome: "aborted" },
      ],
    ],
    ["each-write", {}, [{ step: "all", items: 3, outcome: "done" }]],
  ])("is told of the steps of %s", async (name, inputs, expected) => {
    const events: StepEvent[] = [];
    await exposed
      .call(`tools.${name}`, inputs, { steps: { ended: event => events.push(event) } })
      .catch(() => undefined);
    events.sort((one, other) => one.step.localeCompare(other.step));
    expect(events).toMatchObject(expected);
    for (const { startMs, endMs } of events) expect(endMs).toBeGreaterThanOrEqual(startMs);
  });
});
