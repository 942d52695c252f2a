import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { freePort, ownQueue, withService } from "../support/services.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const COMMAND = path.resolve(import.meta.dirname, "../../dist/naftiko.cjs");

withService("NAFTIKO_TEST_REDIS", "the command hands rows to workers", url => {
  test("a submitter that is killed again and again: each row once in the output, and once at the API", async () => {
    await using shop = await startShop();
    const queue = ownQueue(url);
    const rows = 400;
    const folder = await temporaryFolder({
      "shop.yaml": shop.capability,
      "orders.csv": ["id", ...Array.from({ length: rows }, (_, index) => `o${index + 1}`)].join("\n"),
    });
    const worker = start(folder, ["worker", "--queue", queue, "--capability", "shop.yaml", "--concurrency", "4"]);
    const batch = ["batch", "shop.yaml", "createOrder", "--from", "orders.csv", "--out", "out.jsonl", "--queue", queue];
    for (const ms of [400, 700, 900]) {
      const submitter = start(folder, [...batch, "--resume"]);
      await sleep(ms);
      submitter.kill("SIGKILL");
      await once(submitter, "exit");
    }
    const last = start(folder, [...batch, "--resume"]);
    expect(await once(last, "exit")).toEqual([0, null]);
    worker.kill("SIGTERM");
    expect(await once(worker, "exit")).toEqual([0, null]);
    const lines = (await readFile(path.join(folder, "out.jsonl"), "utf8")).trimEnd().split("\n");
    const numbers = lines.map(line => (JSON.parse(line) as { row: number }).row).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: rows }, (_, index) => index + 1));
    expect(shop.keys).toHaveLength(rows);
    expect(new Set(shop.keys).size).toBe(rows);
  });

  test("options of calls, and files of a batch that nobody waits for, are refused", async () => {
    const folder = await temporaryFolder({ "orders.csv": "id\n1\n" });
    const batch = ["batch", "clerk-backend-api-api-keys", "createApiKey", "--from", "orders.csv"];
    for (const [options, problem] of [
      [
        ["--queue", url, "--header", "X-A: b", "--timeout", "5s"],
        "give them to naftiko worker, not here: --header, --timeout",
      ],
      [["--detach"], "Option --detach takes --queue URL with it"],
      [["--queue", url, "--detach", "--out", "x"], "as --out need"],
    ] as const) {
      const { code, stderr } = await end(start(folder, [...batch, ...options]));
      expect([code, stderr]).toEqual([2, expect.stringContaining(problem)]);
    }
  });

  test("a queue that is down is told, with exit code 6 and without its password", async () => {
    const folder = await temporaryFolder({ "url.txt": `redis://:5ecret-word@127.0.0.1:${await freePort()}/1\n` });
    const { code, stderr } = await end(start(folder, ["batch", "status", "abcd", "--queue", "@url.txt"]));
    expect(code).toBe(6);
    expect(stderr).toMatch(/The queue redis:\/\/127\.0\.0\.1:\d+\/1 cannot be reached: ECONNREFUSED/);
    expect(stderr).not.toContain("5ecret");
  });
});

interface Shop extends AsyncDisposable {
  readonly capability: string;
  /** `Idempotency-Key` of each request. */
  readonly keys: (string | undefined)[];
}

async function startShop(): Promise<Shop> {
  const keys: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers["idempotency-key"] as string | undefined);
    setTimeout(() => response.setHeader("content-type", "application/json").end('{"done":true}'), 10);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const capability = `naftiko: 1.0.0-alpha2
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: http://127.0.0.1:${port}
      resources:
        - name: orders
          path: /orders/{id}
          inputParameters: [ { name: id, in: path } ]
          operations:
            - name: createOrder
              method: POST
              outputParameters: [ { name: done, type: boolean, value: $.done } ]
`;
  return {
    capability,
    keys,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function start(cwd: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [COMMAND, ...args], { cwd, stdio: ["ignore", "ignore", "pipe"] });
}

async function end(process: ChildProcess): Promise<{ code: unknown; stderr: string }> {
  let stderr = "";
  process.stderr?.on("data", (part: Buffer) => {
    stderr += part.toString();
  });
  const [code] = await once(process, "close");
  return { code, stderr };
}
