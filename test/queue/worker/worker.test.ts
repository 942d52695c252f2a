import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { capabilityHash } from "../../../src/queue/capability-hash.ts";
import { batchStatus } from "../../../src/queue/manage-batch.ts";
import { MARK } from "../../support/marked-secret.ts";
import { openTextRuntime } from "../../support/open-text.ts";
import { type RunningCommand, runCommand, startCommand } from "../../support/run-command.ts";
import { freePort, OwnRedis, ownQueue, QUEUE_SERVICES, withService } from "../../support/services.ts";
import { submit } from "../../support/submitted-batch.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, type ReceivedRequest, startUpstream, type Upstream } from "../../support/upstream.ts";

let upstream: Upstream;
let folder: string;
let hash: string;
/** Hashes of the capabilities by name. */
const hashes = new Map<string, string>();
/** Whether tokens can be had. */
let hasTokens = false;
/** Decides how a request is answered; by default at once. */
let slow: (request: ReceivedRequest) => Promise<void> = async () => {};

/** Whether a request is refused for two seconds. */
let limited = () => false;

const TOKEN = `${MARK}-of-the-worker`;

beforeAll(async () => {
  upstream = await startUpstream(async (request, response) => {
    await slow(request);
    const id = request.url.split("/").at(-1);
    if (id === "endless") return;
    if (id === "oauth-authorization-server")
      return answerJson(response, 200, { issuer: upstream.url, token_endpoint: `${upstream.url}/token` });
    if (id === "token")
      return hasTokens
        ? answerJson(response, 200, { access_token: "token", token_type: "Bearer" })
        : answerJson(response, 400, { error: "invalid_client" });
    if (limited()) {
      response.setHeader("retry-after", "2");
      return answerJson(response, 429, {});
    }
    if (id === "missing") return answerJson(response, 404, { error: `no ${request.headers.authorization}` });
    return answerJson(response, 200, { id, sent: request.headers.authorization });
  });
  const text = `naftiko: 1.0.0-alpha3
binds:
  - { namespace: env, keys: { TOKEN: SHOP_TOKEN } }
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: ${upstream.url}
      inputParameters:
        - { name: authorization, in: header, value: "Bearer {{TOKEN}}" }
      resources:
        - name: orders
          path: /orders/{id}
          operations:
            - name: get
              method: GET
              inputParameters: [ { name: id, in: path } ]
            - name: create
              method: POST
              inputParameters: [ { name: id, in: path } ]
`;
  const login = `authentication: { type: oauth2, authorizationServerUri: "${upstream.url}", clientId: a, clientSecret: b }`;
  const texts = {
    shop: text,
    guarded: text.replace(/inputParameters:\n.*Bearer.*/, login),
    homeless: text.replace(/baseUri: .*/, 'baseUri: ""'),
  };
  const files = Object.entries(texts).map(([name, each]) => [`capabilities/${name}.yaml`, each]);
  folder = await temporaryFolder({ ...Object.fromEntries(files), "other/shop.yaml": `${text}# no difference\n` });
  for (const [name, each] of Object.entries(texts)) {
    const runtime = await openTextRuntime(each);
    hashes.set(name, capabilityHash({ name, document: runtime.document }));
    await runtime.close();
  }
  hash = hashes.get("shop") ?? "";
});
afterAll(() => upstream.close());

const rowsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ inputs: { id: String(index + 1) } }));
const ordersOf = (name: string) => ({ capability: { name, hash: hashes.get(name) ?? "" }, operation: "get" });
const shop = () => ordersOf("shop");
const guarded = () => ordersOf("guarded");
const homeless = () => ordersOf("homeless");

const startWorker = (url: string, ...more: readonly string[]) => startWorkerIn({ SHOP_TOKEN: TOKEN }, url, ...more);

async function startWorkerIn(
  env: Readonly<Record<string, string>>,
  url: string,
  ...more: readonly string[]
): Promise<RunningCommand & AsyncDisposable> {
  const args = ["worker", "--queue", url, ...more];
  const worker = await startCommand(args, { cwd: folder, env });
  await worker.waitFor(/worker takes rows/, "stderr");
  return {
    ...worker,
    async [Symbol.asyncDispose]() {
      worker.child.kill("SIGKILL");
      await worker.finished;
    },
  };
}

for (const service of QUEUE_SERVICES) {
  withService(service, `naftiko worker: ${service}`, server => {
    test("two workers share the rows, and each row ends once", async () => {
      const url = ownQueue(server);
      slow = () => sleep(5);
      const from = upstream.requests.length;
      await using _one = await startWorker(url);
      await using _other = await startWorker(url, "--capability", "other");
      await using batch = await submit(url, shop(), rowsOf(200));
      const results = await batch.results(200);
      expect(results.map(({ row }) => row)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
      expect(results.at(6)).toMatchObject({ row: 7, key: "k7", status: 200, outputs: { id: "7" }, attempts: 1 });
      expect(upstream.requests.length - from).toBe(200);
      expect((await batch.queue.store.find(batch.id))?.counts).toEqual({ 200: 200 });
    });

    test("what fails is a result, with its inputs and no secret", async () => {
      const url = ownQueue(server);
      slow = async () => {};
      await using _worker = await startWorker(url);
      const inputs = [{ id: "missing" }, { id: ".." }, {}, JSON.parse('{"id":"1","__proto__":{"a":1}}')];
      await using batch = await submit(
        url,
        shop(),
        inputs.map(each => ({ inputs: each })),
      );
      const results = await batch.results(4);
      expect(results.map(({ status }) => status)).toEqual([404, "INPUT_INVALID", "INPUT_MISSING", "INPUT_UNKNOWN"]);
      expect(results.map(({ outputs }) => outputs)).toEqual([null, null, null, null]);
      expect(results.map(result => result.inputs)).toEqual(inputs);
      await using unknown = await submit(url, { ...shop(), operation: "remove" }, rowsOf(1));
      expect(await unknown.results(1)).toMatchObject([{ status: "OPERATION_NOT_FOUND", attempts: 0 }]);
      await using good = await submit(url, shop(), rowsOf(1));
      expect(JSON.stringify([...results, ...(await good.results(1))])).not.toContain(MARK);
    });

    test("the key of a row goes with its request", async () => {
      const url = ownQueue(server);
      const from = upstream.requests.length;
      await using _worker = await startWorker(url);
      const [row] = rowsOf(1);
      await using batch = await submit(url, { ...shop(), operation: "create" }, [{ ...row, idempotencyKey: "key-1" }]);
      await batch.results(1);
      expect(upstream.requests.slice(from).map(({ headers }) => headers["idempotency-key"])).toEqual(["key-1"]);
    });

    test("rows of a worker that dies are done by another one, each once in the results", async () => {
      const url = ownQueue(server);
      const from = upstream.requests.length;
      slow = () => sleep(20);
      const dying = await startWorker(url, "--concurrency", "8");
      // Three workers have died of the first row. The fourth will: its call does not end.
      const [, ...others] = rowsOf(400);
      await using batch = await submit(url, shop(), [{ inputs: { id: "endless" }, begun: 3 }, ...others]);
      await batch.results(50);
      dying.child.kill("SIGKILL");
      await dying.finished;
      await using _other = await startWorker(url, "--concurrency", "50");
      const results = await batch.results(400);
      expect(new Set(results.map(({ row }) => row)).size).toBe(400);
      expect(results[0]).toMatchObject({ status: "WORKER_LOST", inputs: { id: "endless" } });
      expect(results.slice(1).every(({ status }) => status === 200)).toBe(true);
      expect(upstream.requests.length - from).toBeLessThanOrEqual(400 + 8);
    });

    test("rows whose capability is another one here wait for a worker that fits", async () => {
      const url = ownQueue(server);
      slow = async () => {};
      const stale = await temporaryFolder({
        "shop.yaml":
          "naftiko: 1.0.0-alpha3\ncapability: { consumes: [ { type: http, namespace: shop, baseUri: 'http://127.0.0.1:1' } ] }",
      });
      await using worker = await startWorker(url, "--capability", stale);
      await using batch = await submit(url, shop(), rowsOf(3));
      const [line] = await worker.waitFor(/No rows of capability .*/, "stderr");
      expect(line).toContain(hash);
      expect(line).toContain("shop.yaml has the hash");
      expect(await batch.queue.store.results(batch.id, "0", 9)).toEqual([]);
      await using _fitting = await startWorker(url);
      expect(await batch.results(3)).toHaveLength(3);
    });

    test.each([
      ["a variable", "BIND_MISSING", shop, {}, []],
      ["a token", "AUTHENTICATION_FAILED", guarded, { SHOP_TOKEN: TOKEN }, []],
      ["a base URI", "BASE_URI_MISSING", homeless, { SHOP_TOKEN: TOKEN }, ["--base-uri", "{{upstream}}"]],
    ] as const)("rows wait for a worker that does not lack %s", async (_, code, capability, env, options) => {
      const url = ownQueue(server);
      slow = async () => {};
      await using worker = await startWorkerIn(env, url, "--concurrency", "2");
      await using batch = await submit(url, capability(), rowsOf(20));
      const [line] = await worker.waitFor(/No rows of capability .*/, "stderr");
      expect(line).toContain(code);
      const { problem } = await batchStatus(batch.queue, batch.id);
      expect(problem).toContain("No worker can do rows of");
      expect(problem).toContain(code);
      expect(await batch.queue.store.results(batch.id, "0", 9)).toEqual([]);
      hasTokens = true;
      const given = options.map(option => option.replace("{{upstream}}", upstream.url));
      await using _fitting = await startWorker(url, ...given);
      const results = await batch.results(20);
      hasTokens = false;
      expect(results.every(({ status, attempts }) => status === 200 && attempts === 1)).toBe(true);
      worker.child.kill("SIGTERM");
      expect((await worker.finished).stderr.match(/No rows of capability/g)).toHaveLength(1);
    });

    test("what the policy of a worker refuses has failed", async () => {
      const url = ownQueue(server);
      const from = upstream.requests.length;
      await using _worker = await startWorker(url, "--deny", "shop.create");
      await using batch = await submit(url, { ...shop(), operation: "create" }, rowsOf(2));
      expect((await batch.results(2)).map(({ status }) => status)).toEqual(["OPERATION_REFUSED", "OPERATION_REFUSED"]);
      expect(upstream.requests.length).toBe(from);
    });

    test("SIGTERM lets calls end, and leaves the other rows", async () => {
      const url = ownQueue(server);
      slow = () => sleep(300);
      const from = upstream.requests.length;
      const worker = await startWorker(url, "--concurrency", "4");
      await using batch = await submit(url, shop(), rowsOf(40));
      await batch.results(1);
      worker.child.kill("SIGTERM");
      expect((await worker.finished).code).toBe(0);
      const ended = (await batch.queue.store.results(batch.id, "0", 99)).length;
      expect(upstream.requests.length - from).toBe(ended);
      expect(ended).toBeLessThan(40);
      slow = async () => {};
      await using _other = await startWorker(url);
      expect(await batch.results(40)).toHaveLength(40);
      expect(upstream.requests.length - from).toBe(40);
    });

    test("a rate is that of all workers together", async () => {
      const url = ownQueue(server);
      slow = async () => {};
      await using _one = await startWorker(url);
      await using _other = await startWorker(url, "--capability", "other");
      await using first = await submit(url, shop(), rowsOf(4));
      await first.results(4);
      const startedAt = performance.now();
      await using batch = await submit(url, { ...shop(), rate: "20/s" }, rowsOf(60));
      await batch.results(60);
      // Without a common rate it is 1,500 ms. On a busy machine a store may be late, and each worker then keeps to its share.
      expect(performance.now() - startedAt).toBeGreaterThan(2_200);
    });

    test("jobs that are no rows harm nobody", async () => {
      const url = ownQueue(server);
      slow = async () => {};
      await using worker = await startWorker(url);
      await using batch = await submit(url, shop(), rowsOf(2));
      await batch.results(2);
      await batch.queue.store.claim(batch.id, [{ row: 3 }, { row: 4 }]);
      const place = { batch: batch.id, key: "k" };
      const jobs = [
        "text",
        null,
        { v: 2, ...place, row: 3, inputs: "{}" },
        { v: 1, ...place, row: 4, inputs: "[1" },
        { v: 1, batch: "nobody-1", row: 1, key: "k", inputs: "{}" },
      ];
      await batch.queue.queue(hash).addBulk(jobs.map(data => ({ name: "row", data })));
      const results = await batch.results(4);
      expect(results.slice(2)).toMatchObject([{ status: "ROW_INVALID" }, { status: "ROW_INVALID" }]);
      await worker.waitFor(/it is of version 2 of the queue's jobs/, "stderr");
      await using after = await submit(url, shop(), rowsOf(2));
      expect(await after.results(2)).toHaveLength(2);
    });
  });
}

withService("NAFTIKO_TEST_REDIS", "naftiko worker: its server", server => {
  test("an API that asks to wait is left alone by all workers", async () => {
    const url = ownQueue(server);
    slow = async () => {};
    await using _one = await startWorker(url, "--concurrency", "1");
    await using _other = await startWorker(url, "--concurrency", "1");
    await using first = await submit(url, shop(), rowsOf(20));
    await first.results(20);
    const from = upstream.requests.length;
    let refusedAt = 0;
    const arrivals: number[] = [];
    slow = async () => {
      await sleep(30);
      arrivals.push(performance.now());
    };
    limited = () => {
      if (refusedAt !== 0 || upstream.requests.length - from < 10) return false;
      refusedAt = performance.now();
      return true;
    };
    await using batch = await submit(url, shop(), rowsOf(40));
    const results = await batch.results(40);
    expect(results.every(({ status }) => status === 200)).toBe(true);
    const early = arrivals.filter(at => at > refusedAt + 400 && at < refusedAt + 1_950);
    expect(early).toEqual([]);
  });

  test("a job that is no JSON is taken off the queue, and its row fails", async () => {
    const url = ownQueue(server);
    const queue = new URL(url).searchParams.get("queue");
    const redis = new Redis(server);
    await using batch = await submit(url, shop(), rowsOf(6));
    const job = (row: number) => `${queue}:rows-${hash}:${batch.id}.${row}`;
    await redis.hset(job(1), "data", '{"v":1,');
    await redis.hset(job(3), "opts", "no options");
    await redis.hset(job(5), "data", "");
    await redis.lpush(`${queue}:rows-${hash}:wait`, "nobody");
    await redis.hset(`${queue}:rows-${hash}:nobody`, { data: "<xml/>", opts: "{}", name: "row" });
    await using worker = await startWorker(url);
    const results = await batch.results(6);
    const { 1: one, 3: three, 5: five, ...good } = Object.fromEntries(results.map(result => [result.row, result]));
    expect([one, three, five].map(result => result?.status)).toEqual(["ROW_INVALID", "ROW_INVALID", "ROW_INVALID"]);
    expect(Object.values(good).every(({ status }) => status === 200)).toBe(true);
    await worker.waitFor(/"nobody" is no JSON/, "stderr");
    while ((await redis.exists(`${queue}:rows-${hash}:nobody`)) > 0) await sleep(50);
    redis.disconnect();
  });

  test("a queue that is down at the start is told, with exit 6", async () => {
    const { code, stderr } = await runCommand([
      "worker",
      "--queue",
      `redis://:pw-${MARK}@127.0.0.1:${await freePort()}`,
    ]);
    expect(stderr).toContain("cannot be reached");
    expect(code).toBe(6);
  });

  test("a restart of the queue is waited for", async () => {
    await using redis = await OwnRedis.start();
    slow = () => sleep(10);
    await using worker = await startWorker(redis.url);
    await using batch = await submit(redis.url, shop(), rowsOf(600));
    await batch.results(20);
    await redis.stop();
    await worker.waitFor(/is down/, "stderr");
    await redis.start();
    const results = await batch.results(600);
    expect(new Set(results.map(({ row }) => row)).size).toBe(600);
    expect(results.every(({ status }) => status === 200)).toBe(true);
  });
});
