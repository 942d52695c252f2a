import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BatchRow, EndedRow, UnreadableRow } from "../../src/batch/row.ts";
import { type BatchSettings, runBatch } from "../../src/batch/run-batch.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { Pace } from "../../src/net/layers/pace.ts";
import { openTextRuntime } from "../support/open-text.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

const text = (baseUri: string) => `
- type: http
  namespace: shop
  baseUri: ${baseUri}
  resources:
    - name: orders
      path: /orders/{id}
      operations:
        - name: get
          method: GET
          inputParameters:
            - { name: id, in: path }
            - { name: token, in: header, value: "{{TOKEN}}" }
          outputParameters:
            - { name: id, type: string, value: $.id }
        - name: create
          method: POST
          inputParameters:
            - { name: id, in: path }
`;

let upstream: Upstream;
let runtime: Runtime;
/** Answers by the id of the order. */
let answers: Map<string, { status?: number; afterMs?: number; retryAfter?: string; times?: number }>;
let most = 0;

beforeAll(async () => {
  let running = 0;
  upstream = await startUpstream(({ url }, response) => {
    const id = url.split("/").at(-1) ?? "";
    const known = answers.get(id);
    const isMet = known !== undefined && (known.times === undefined || known.times-- > 0);
    const { status = 200, afterMs = 1, retryAfter } = isMet ? known : {};
    most = Math.max(most, ++running);
    setTimeout(() => {
      running--;
      if (retryAfter !== undefined) response.setHeader("retry-after", retryAfter);
      answerJson(response, status, { id });
    }, afterMs);
  });
  runtime = await openTextRuntime(text(upstream.url), { env: { TOKEN: "a-long-token" }, retries: 0 });
});
afterAll(async () => {
  await runtime.close();
  await upstream.close();
});
beforeEach(() => {
  answers = new Map();
  most = 0;
});

function settings(given: Partial<BatchSettings> & { readonly rate?: number } = {}): BatchSettings {
  const stopping = new AbortController();
  const rate = given.rate === undefined ? undefined : { requests: given.rate, intervalMs: 1_000 };
  return {
    ...{ runtime, called: runtime.find("get"), concurrency: 4, order: "finished", maxErrors: undefined },
    pace: new Pace({ rate, stop: stopping.signal, onPause: undefined }),
    stop: () => stopping.abort(),
    call: {},
    ...{ idempotencyKeyOf: undefined, hasOwnKeys: false, isDone: () => false, keep: undefined },
    ...given,
  };
}

function* numbered(count: number): Generator<BatchRow> {
  for (let row = 1; row <= count; row++) yield { row, key: `k${row}`, inputs: { id: String(row) } };
}

async function ends(rows: Parameters<typeof runBatch>[0], given: BatchSettings): Promise<EndedRow[]> {
  const found: EndedRow[] = [];
  for await (const ended of runBatch(rows, given)) found.push(ended);
  return found;
}

describe("runBatch()", () => {
  it("calls for each row, as many at once as it may", async () => {
    for (let id = 1; id <= 8; id++) answers.set(String(id), { afterMs: 50 });
    const found = await ends(numbered(40), settings());
    expect(found.map(({ row }) => row).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    expect(found.every(({ status, attempts }) => status === 200 && attempts === 1)).toBe(true);
    expect(most).toBe(4);
  });

  it("gives results as rows end, or in the order of rows", async () => {
    answers.set("1", { afterMs: 400 });
    const finished = await ends(numbered(8), settings());
    expect(finished[0]?.row).not.toBe(1);
    answers.set("1", { afterMs: 400 });
    const ordered = await ends(numbered(8), settings({ order: "rows" }));
    expect(ordered.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("reads no more rows than are taken, and some", async () => {
    let read = 0;
    async function* rows() {
      for (const row of numbered(1_000)) {
        read = row.row;
        yield row;
      }
    }
    const batch = runBatch(rows(), settings());
    await batch.next();
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(read).toBeLessThan(20);
    await batch.return();
    expect(read).toBeLessThan(20);
  });

  it("ends failed, unreadable and repeated rows without a call", async () => {
    const rows: (BatchRow | UnreadableRow)[] = [
      { row: 1, key: "a", inputs: { id: "1" } },
      { row: 2, line: 3, problem: "has 3 cells, and the header 2" },
      { row: 3, key: "a", inputs: { id: "3" } },
      { row: 4, key: "d", inputs: { id: ".." } },
    ];
    const from = upstream.requests.length;
    const found = await ends(rows, settings({ hasOwnKeys: true, order: "rows" }));
    expect(found).toMatchObject([
      { row: 1, status: 200, outputs: { id: "1" } },
      {
        row: 2,
        key: null,
        status: "ROW_INVALID",
        line: 3,
        inputs: null,
        error: { message: expect.stringContaining("line 3") },
      },
      { row: 3, status: "duplicate", attempts: 0, outputs: null },
      { row: 4, status: "INPUT_INVALID", attempts: 0 },
    ]);
    expect(upstream.requests.length - from).toBe(1);
  });

  it("passes rows over that ended before, whose keys still count", async () => {
    const rows = [...numbered(3), { row: 4, key: "k1", inputs: { id: "4" } }];
    const found = await ends(rows, settings({ isDone: row => row < 3, hasOwnKeys: true }));
    expect(found.map(({ row, status }) => [row, status]).sort()).toEqual([
      [3, 200],
      [4, "duplicate"],
    ]);
  });

  it("stops after too many failures", async () => {
    for (let id = 1; id <= 100; id++) answers.set(String(id), { status: 500 });
    const from = upstream.requests.length;
    const found = await ends(numbered(100), settings({ maxErrors: { kind: "count", most: 5 } }));
    expect(found.length).toBeGreaterThanOrEqual(5);
    expect(upstream.requests.length - from).toBeLessThanOrEqual(5 + 2 * 4);
    expect(upstream.requests.length - from).toBe(found.length);
  });

  it("ends with a failure that all rows have in common, and sends nothing", async () => {
    const bare = await openTextRuntime(text(upstream.url), { env: {} });
    const from = upstream.requests.length;
    const failing = ends(numbered(20), settings({ runtime: bare, called: bare.find("get") }));
    await expect(failing).rejects.toMatchObject({ code: "BIND_MISSING" });
    expect(upstream.requests.length).toBe(from);
    await bare.close();
  });

  it("ends with an error of the rows", async () => {
    async function* rows() {
      yield* numbered(3);
      throw new Error("no more");
    }
    await expect(ends(rows(), settings())).rejects.toThrow("no more");
  });

  it("ends with ABORTED by the signal of its calls", async () => {
    answers.set("1", { afterMs: 5_000 });
    const signal = AbortSignal.timeout(50);
    await expect(ends(numbered(1), settings({ call: { signal } }))).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("lets calls under way end when it is stopped, and repeats none", async () => {
    const patient = await openTextRuntime(text(upstream.url), { env: { TOKEN: "a-long-token" }, retries: 5 });
    answers.set("1", { afterMs: 80 });
    answers.set("2", { status: 503 });
    const given = settings({ runtime: patient, called: patient.find("get") });
    setTimeout(given.stop, 30);
    async function* rows() {
      yield* numbered(2);
      await new Promise(() => {});
    }
    const found = await ends(rows(), given);
    expect(found.map(({ row }) => row)).toEqual([1]);
    await patient.close();
  });

  it("pauses all rows when the API asks one to wait", async () => {
    for (let id = 1; id <= 4; id++) answers.set(String(id), { status: 429, retryAfter: "1", times: 1 });
    const from = upstream.requests.length;
    const begunAt = performance.now();
    const found = await ends(numbered(12), settings());
    expect(found.every(({ status }) => status === 200)).toBe(true);
    expect(found.filter(({ attempts }) => attempts === 2)).toHaveLength(4);
    expect(upstream.requests.length - from).toBe(16);
    expect(performance.now() - begunAt).toBeGreaterThan(1_000);
  });

  it("waits while a circuit breaker is open", async () => {
    const circuitBreaker = { minimumCalls: 4, openMs: 300, windowMs: 10_000 };
    const broken = await openTextRuntime(text(upstream.url), {
      ...{ env: { TOKEN: "a-long-token" }, retries: 0 },
      overlays: { capabilities: { "*": { circuitBreaker } } },
    });
    for (let id = 1; id <= 4; id++) answers.set(String(id), { status: 500, times: 1 });
    const found = await ends(numbered(20), settings({ runtime: broken, called: broken.find("get") }));
    expect(found.filter(({ status }) => status === 500)).toHaveLength(4);
    expect(found.filter(({ status }) => status === 200)).toHaveLength(16);
    await broken.close();
  });

  it("begins requests evenly", async () => {
    const begunAt = performance.now();
    await ends(numbered(11), settings({ rate: 50 }));
    expect(performance.now() - begunAt).toBeGreaterThan(150);
  });

  it("gives each row a key, and takes that of a row that has one", async () => {
    const from = upstream.requests.length;
    const rows = [...numbered(2), { row: 3, key: "c", inputs: { id: "3" }, idempotencyKey: "before" }];
    const called = runtime.find("create");
    await ends(rows, settings({ called, order: "rows", idempotencyKeyOf: ({ row }) => `key-${row}` }));
    const keys = upstream.requests.slice(from).map(({ headers }) => headers["idempotency-key"]);
    expect(keys.sort()).toEqual(["before", "key-1", "key-2"]);
  });
});
