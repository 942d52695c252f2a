import { writeFile } from "node:fs/promises";
import { request as send } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { CapabilityError } from "../../../src/base/capability-error.ts";
import { SecretMask } from "../../../src/base/mask-secrets.ts";
import { openRuntime } from "../../../src/engine/open.ts";
import type { ControlAdapter } from "../../../src/language/model/exposed/types.ts";
import { LISTENER_LIMITS, type Listener, startListener } from "../../../src/serving/listener.ts";
import { Log } from "../../../src/serving/log.ts";
import type { Service } from "../../../src/serving/service.ts";
import { createControlHandler } from "../../../src/surfaces/control/control-handler.ts";
import { Telemetry } from "../../../src/telemetry/telemetry.ts";
import { MARK } from "../../support/marked-secret.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const open: { stop(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
});

interface Started {
  readonly url: string;
  readonly port: number;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly service: { -readonly [Name in keyof Service]: Service[Name] };
  readonly file: string;
  ask(method: string, target: string, more?: Ask): Promise<Answer>;
}

interface Ask {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** Body as JSON, or `undefined`. */
  readonly value: Readonly<Record<string, never>>;
}

function fileText(control: string, more = ""): string {
  return `naftiko: "1.0.0-alpha3"
info: { label: Shop, description: d }
binds: [ { namespace: env, keys: { TOKEN: TOKEN } } ]
capability:
  consumes:
    - { type: http, namespace: shop, baseUri: "https://shop.test", authentication: { type: bearer, token: "{{TOKEN}}" },
        resources: [ { name: r, path: /r, operations: [ { name: op, method: GET } ] } ] }
  exposes:
    - { type: rest, namespace: api, port: 8081, resources: [ { path: /r, operations: [ { method: GET, call: shop.op } ] } ] }
    - { type: control, port: 9190${control} }
${more}`;
}

/** Serves the control adapter of a file. */
async function start(control = "", settings: { readonly isOn?: boolean } = {}): Promise<Started> {
  const folder = await temporaryFolder({ "shop.yaml": fileText(control), "scripts/a.js": "result = 1" });
  const file = path.join(folder, "shop.yaml");
  const secrets = new SecretMask();
  const telemetry = new Telemetry();
  if (settings.isOn !== false) telemetry.configure({ sampling: 1, propagation: "w3c", traceBuffer: 10 }, undefined);
  const env = { TOKEN: `token-${MARK}` };
  const runtime = await openRuntime(file, { env }, { cwd: folder, secrets, telemetry });
  await runtime.prepare("op", {}, {});
  const adapter = runtime.exposed.adapters.find((each): each is ControlAdapter => each.type === "control");
  if (adapter === undefined) throw new Error("no control adapter");
  const log = new Log(() => {}, secrets);
  const service = {
    log,
    isReady: true,
    startedAt: Date.now() - 3_723_500,
    adapters: [{ type: "rest", namespace: "api", port: 8081, state: "started" }] as Service["adapters"],
    reload: async () => {},
  };
  const handler = createControlHandler({ adapter, runtime, service });
  const listening = { host: "127.0.0.1", port: 0, tls: undefined, limits: LISTENER_LIMITS, origins: [] };
  const listener: Listener = await startListener(listening, (request, reply, target) =>
    handler.handle(request, reply, target),
  );
  open.push({ stop: () => Promise.all([listener.stop(0), runtime.close()]) });
  const { url, port } = listener;
  return { url, port, log, telemetry, service, file, ask: (...args) => ask(port, ...args) };
}

function ask(port: number, method: string, target: string, { body, headers = {} }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const type = text === undefined ? {} : { "content-type": "application/json" };
    const request = send({ port, method, path: target, host: "127.0.0.1", headers: { ...type, ...headers } });
    request.on("error", reject).on("response", response => {
      const chunks: Buffer[] = [];
      response
        .on("data", chunk => chunks.push(chunk))
        .on("end", () => {
          const received = Buffer.concat(chunks).toString();
          const isJson = /json/.test(response.headers["content-type"] ?? "") && received !== "";
          const value = isJson ? JSON.parse(received) : undefined;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text: received, value });
        });
    });
    request.end(text);
  });
}

const ALL = `, management: { info: true, reload: true, validate: true, logs: { stream: true, max-subscribers: 2 },
        scripting: { defaultLocation: "file:///app/scripts", defaultLanguage: javascript, timeout: 3000, statementLimit: 50000,
          allowedLanguages: [ javascript, python ] } }`;

describe("health", () => {
  test("tells that it lives and that it is ready", async () => {
    const { ask, port } = await start();
    const live = await ask("GET", "/health/live");
    expect(live).toMatchObject({
      status: 200,
      text: '{"status":"UP"}',
      headers: { "content-type": "application/json", "cache-control": "no-store" },
    });
    expect(await ask("GET", "/health/ready?x=1")).toMatchObject({
      status: 200,
      value: {
        status: "UP",
        adapters: [
          { type: "rest", namespace: "api", port: 8081, state: "started" },
          { type: "control", port, state: "started" },
        ],
      },
    });
  });

  test("is degraded by an adapter that does not listen, and when the server stops", async () => {
    const { ask, service } = await start();
    service.adapters = [{ type: "rest", namespace: "api", port: undefined, state: "stopped" }];
    const degraded = await ask("GET", "/health/ready");
    expect(degraded).toMatchObject({ status: 503, value: { status: "DEGRADED" } });
    expect(degraded.value.adapters?.[0]).toEqual({ type: "rest", namespace: "api", state: "stopped" });
    service.adapters = [];
    service.isReady = false;
    expect((await ask("GET", "/health/ready")).status).toBe(503);
    expect((await ask("GET", "/health/live")).status).toBe(200);
  });
});

test("/status tells what runs", async () => {
  const { ask, port } = await start(ALL);
  expect((await ask("GET", "/status")).value).toEqual({
    capability: { label: "Shop", specVersion: "1.0.0-alpha3" },
    engine: { version: expect.stringMatching(/^\d+\.\d+\.\d+/), node: process.versions.node },
    uptime: expect.stringMatching(/^PT1H2M3(\.\d+)?S$/),
    otel: { status: "active" },
    adapters: [
      { type: "rest", namespace: "api", port: 8081, state: "started" },
      { type: "control", port, state: "started" },
    ],
  });
});

/** Settings, and the paths that they turn on, beside those that are always there. */
const switches: readonly [string, readonly string[]][] = [
  ["", ["/health/live", "/health/ready", "/metrics", "/traces"]],
  [", management: { health: false }", ["/metrics", "/traces"]],
  [", management: { info: true }", ["/health/live", "/health/ready", "/metrics", "/traces", "/status", "/config"]],
  [", observability: { enabled: false }", ["/health/live", "/health/ready"]],
  [", observability: { metrics: { local: { enabled: false } } }", ["/health/live", "/health/ready", "/traces"]],
  [", observability: { traces: { local: { enabled: false } } }", ["/health/live", "/health/ready", "/metrics"]],
  [", management: { scripting: {} }", ["/health/live", "/health/ready", "/metrics", "/traces", "/scripting"]],
  [", management: { logs: true }", ["/health/live", "/health/ready", "/metrics", "/traces", "/logs", "/logs/stream"]],
  [", management: { logs: {} }", ["/health/live", "/health/ready", "/metrics", "/traces", "/logs"]],
  [", management: { health: false, logs: { level-control: false } }", ["/metrics", "/traces"]],
  [
    ", management: { health: false, logs: { level-control: false, stream: true } }",
    ["/metrics", "/traces", "/logs/stream"],
  ],
];
test.each(switches)("with %j only what is on is there", async (control, paths) => {
  const { ask } = await start(control);
  const all = ["/health/live", "/health/ready", "/metrics", "/traces", "/status", "/config", "/scripting", "/logs"];
  const found: string[] = [];
  for (const each of [...all, "/logs/stream"]) if ((await ask("HEAD", each)).status === 200) found.push(each);
  expect(found).toEqual(paths);
});

/** Method and path, and what comes of it. */
const requests: readonly [string, string, Ask, number, object?][] = [
  ["GET", "/", {}, 404],
  ["GET", "/health", {}, 404],
  ["GET", "/health/live/", {}, 404],
  ["GET", "/HEALTH/LIVE", {}, 404],
  ["GET", "/__proto__", {}, 404],
  ["GET", "/traces/..", {}, 404],
  ["GET", "/traces/%zz", {}, 404],
  ["GET", "/traces/0123", {}, 404],
  ["GET", "/logs/none", {}, 404],
  ["GET", "/logs/__proto__", {}, 404],
  ["POST", "/health/live", {}, 405, { allow: "GET, HEAD, OPTIONS" }],
  ["DELETE", "/scripting", {}, 405, { allow: "GET, HEAD, PUT, OPTIONS" }],
  ["GET", "/config/reload", {}, 405, { allow: "POST, OPTIONS" }],
  ["constructor", "/scripting", {}, 400],
  ["HEAD", "/health/live", {}, 200, { "content-length": "15" }],
  ["OPTIONS", "/scripting", {}, 204, { allow: "GET, HEAD, PUT, OPTIONS" }],
  ["POST", "/config/reload", {}, 200],
  ["POST", "/config/reload", { headers: { origin: "https://evil.test" } }, 403],
  ["POST", "/config/reload", { headers: { origin: "null" } }, 403],
  ["POST", "/config/reload", { headers: { "sec-fetch-site": "cross-site" } }, 403],
  ["POST", "/config/reload", { headers: { "sec-fetch-site": "same-site" } }, 403],
  ["POST", "/config/reload", { headers: { "sec-fetch-site": "none" } }, 200],
  ["POST", "/config/reload", { headers: { host: "localhost:1", origin: "http://localhost:1" } }, 200],
  ["POST", "/config/reload", { headers: { host: "evil.test", origin: "http://evil.test" } }, 403],
  ["GET", "/config", { headers: { host: "evil.test" } }, 403],
  ["GET", "/config", { headers: { host: "[::1]:9190" } }, 200],
  ["GET", "/config", { headers: { host: "127.0.0.1" } }, 200],
  ["GET", "/health/live", { headers: { host: "any.test" } }, 200],
];
describe("a request", () => {
  test.each(requests)("%s %s %j is answered with %d", async (method, target, more, status, headers) => {
    const { ask } = await start(ALL);
    const answer = await ask(method, target, more).catch(() => undefined);
    if (answer === undefined) return expect(status).toBe(400);
    expect(answer.status).toBe(status);
    if (headers !== undefined) expect(answer.headers).toMatchObject(headers);
    if (status >= 400) expect(answer.headers["content-type"]).toBe("application/problem+json");
    if (method === "HEAD") expect(answer.text).toBe("");
  });
});

describe("/scripting", () => {
  test("shows settings and numbers", async () => {
    const { ask } = await start(ALL);
    expect((await ask("GET", "/scripting")).value).toEqual({
      enabled: true,
      defaultLocation: "file:///app/scripts",
      defaultLanguage: "javascript",
      timeout: 3000,
      statementLimit: 50000,
      allowedLanguages: ["javascript", "python"],
      stats: { totalExecutions: 0, totalErrors: 0, averageDurationMs: 0 },
    });
  });

  test.each<[object, object]>([
    [{ enabled: false }, { enabled: false }],
    [{ timeout: 10000 }, { timeout: 10000 }],
    [{ statementLimit: 200000 }, { statementLimit: 200000 }],
    [{ defaultLocation: "file:///new/path" }, { defaultLocation: "file:///new/path" }],
    [{ defaultLanguage: "python" }, { defaultLanguage: "python" }],
    [{ allowedLanguages: ["groovy"] }, { allowedLanguages: ["groovy"] }],
    [{}, { timeout: 3000 }],
    [
      { timeout: 7, stats: { totalExecutions: 9 } },
      { timeout: 7, stats: expect.objectContaining({ totalExecutions: 0 }) },
    ],
  ])("takes %j", async (body, expected) => {
    const { ask } = await start(ALL);
    const changed = await ask("PUT", "/scripting", { body });
    expect(changed.status).toBe(200);
    expect(changed.value).toMatchObject(expected);
    expect((await ask("GET", "/scripting")).value).toEqual(changed.value);
  });

  test.each<[unknown, RegExp]>([
    [{ timeout: 0 }, /timeout: it is not an integer of at least 1/],
    [{ timeout: "5" }, /timeout: /],
    [{ timeout: 1.5 }, /timeout: /],
    [{ timeout: 2 ** 31 }, /timeout: it is more than 24 days/],
    [{ statementLimit: -1 }, /statementLimit: /],
    [{ enabled: "no" }, /enabled: it is neither true nor false/],
    [{ enabled: null }, /enabled: /],
    [{ defaultLocation: "/app" }, /defaultLocation: it is not a URL that begins with file:/],
    [{ defaultLocation: "https://a.test" }, /defaultLocation: /],
    [{ defaultLanguage: "ruby" }, /defaultLanguage: "ruby" is none of javascript, python, groovy/],
    [{ defaultLanguage: "constructor" }, /defaultLanguage: /],
    [{ allowedLanguages: "javascript" }, /allowedLanguages: it is not a list/],
    [{ allowedLanguages: ["javascript", 1] }, /allowedLanguages: 1 is none of/],
    [{ timeOut: 5 }, /timeOut: there is no such setting; did you mean "timeout"/],
    ['{"__proto__": {}}', /__proto__: there is no such setting/],
    ["[]", /not a JSON object/],
    ["", /not JSON/],
    ["{", /not JSON/],
    ['{"timeout":1,"timeout":2}', /two members of the same name/],
  ])("refuses %j, and changes nothing", async (body, detail) => {
    const { ask } = await start(ALL);
    const mixed = typeof body === "object" ? { statementLimit: 1, ...body } : body;
    const refused = await ask("PUT", "/scripting", { body: mixed });
    expect(refused).toMatchObject({ status: 400, value: { status: 400, detail: expect.stringMatching(detail) } });
    expect((await ask("GET", "/scripting")).value).toMatchObject({ timeout: 3000, statementLimit: 50000 });
  });

  test("refuses a body that is too large", async () => {
    const { ask } = await start(ALL);
    expect((await ask("PUT", "/scripting", { body: `{"a":"${"x".repeat(70_000)}"}` })).status).toBe(413);
  });
});

describe("numbers and traces", () => {
  test("are there when telemetry is on", async () => {
    const { ask, telemetry } = await start();
    telemetry.begin("GET /orders", "SERVER", undefined).end();
    telemetry.begin("GET /ships", "SERVER", undefined).end("HTTP_STATUS");
    const metrics = await ask("GET", "/metrics");
    expect(metrics.headers["content-type"]).toMatch(/^text\/plain/);
    expect(metrics.text).toContain("naftiko_request_total");
    const page = await ask("GET", "/traces");
    expect(page.value).toMatchObject({ bufferSize: 10, bufferUsed: 2 });
    const [newest] = page.value.traces as unknown as { traceId: string; operation: string }[];
    expect(newest).toMatchObject({ operation: "GET /ships", status: "ERROR", spanCount: 1 });
    for (const [query, count] of [
      ["operation=orders", 1],
      ["status=error", 1],
      ["status=OK&operation=ships", 0],
    ] as const) {
      expect((await ask("GET", `/traces?${query}`)).value.traces).toHaveLength(count);
    }
    expect((await ask("GET", `/traces/${newest?.traceId}`)).value).toMatchObject({
      traceId: newest?.traceId,
      operation: "GET /ships",
      spans: [{ name: "GET /ships", kind: "SERVER", status: "ERROR" }],
    });
  });

  test.each(["/metrics", "/traces", "/traces/0123"])("%s is 503 when telemetry is off", async target => {
    const { ask } = await start("", { isOn: false });
    expect((await ask("GET", target)).status).toBe(503);
  });
});

describe("/config", () => {
  test("shows how the capability is set up, and no secret", async () => {
    const { ask, file } = await start(ALL);
    const config = await ask("GET", "/config");
    expect(config.value).toMatchObject({
      capability: { label: "Shop" },
      file,
      consumes: [{ namespace: "shop" }],
      exposes: [
        { type: "rest", namespace: "api", authentication: "none" },
        { type: "control", authentication: "none" },
      ],
      management: { health: true, reload: true, logs: true, scripting: true },
      observability: { enabled: true, sampling: 1, traces: true, otlp: false },
    });
    expect(config.text).not.toContain(MARK);
  });

  test("/config/reload reloads, and tells why it cannot", async () => {
    const { ask, service } = await start(ALL);
    let count = 0;
    service.reload = async () => {
      count++;
      if (count < 2) return;
      const details = { diagnostics: [], omitted: 0 };
      throw new CapabilityError("CAPABILITY_INVALID", { message: `shop.yaml is not valid: token-${MARK}`, details });
    };
    expect((await ask("POST", "/config/reload")).value).toMatchObject({ status: "RELOADED" });
    const failed = await ask("POST", "/config/reload");
    expect(failed).toMatchObject({ status: 422, value: { code: "CAPABILITY_INVALID" } });
    expect(failed.text).not.toContain(MARK);
  });

  test.each<[string, (text: string) => string, boolean, object?]>([
    ["a valid file", text => text, true],
    ["a dangling call", text => text.replace("call: shop.op", "call: shop.none"), false],
    ["bad YAML", () => "naftiko: [", false],
    ["an empty file", () => "", false],
  ])("/config/validate checks the file as it is now: %s", async (_, edit, isValid) => {
    const { ask, file } = await start(ALL);
    await writeFile(file, edit(fileText(ALL)));
    const { value } = await ask("POST", "/config/validate");
    expect(value.valid).toBe(isValid);
    if (!isValid) expect(value.diagnostics?.[0]).toMatchObject({ severity: "error", message: expect.any(String) });
  });
});

describe("logs", () => {
  test("lists loggers and what they told, and changes levels", async () => {
    const { ask, log } = await start(ALL);
    log.logger("calls").info(`a token-${MARK}`);
    const all = await ask("GET", "/logs");
    expect(all.value).toMatchObject({ level: "info", loggers: [{ name: "calls", level: "info" }] });
    expect(all.text).not.toContain(MARK);
    expect((await ask("GET", "/logs/calls")).value).toMatchObject({ name: "calls", entries: [{ level: "info" }] });
    expect((await ask("PUT", "/logs/calls", { body: { level: "debug" } })).value).toMatchObject({ level: "debug" });
    expect((await ask("PUT", "/logs/calls", { body: { level: null } })).value).toMatchObject({ level: "info" });
    for (const level of ["loud", "constructor", 5, undefined]) {
      expect((await ask("PUT", "/logs/calls", { body: { level } })).status).toBe(400);
    }
    expect((await ask("PUT", "/logs/none", { body: { level: "debug" } })).status).toBe(404);
  });

  test("does not tell and change levels where level-control is off", async () => {
    const { ask, log } = await start(", management: { logs: { level-control: false, stream: true } }");
    log.logger("calls");
    expect((await ask("GET", "/logs/calls")).status).toBe(404);
    expect((await ask("PUT", "/logs/calls", { body: { level: "debug" } })).status).toBe(404);
  });

  test("streams what follows to as many as may subscribe", async () => {
    const { url, ask, log } = await start(ALL);
    const controller = new AbortController();
    const streams = await Promise.all([1, 2].map(() => fetch(`${url}/logs/stream`, { signal: controller.signal })));
    expect(streams[0]?.headers.get("content-type")).toBe("text/event-stream");
    expect((await ask("GET", "/logs/stream")).status).toBe(503);
    log.logger("calls").warn("one\ntwo");
    for (const stream of streams) {
      let text = "";
      const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
      while (!text.includes("two")) text += (await reader?.read())?.value ?? "";
      expect(text).toMatch(
        /^retry: 5000\n\nevent: log\ndata: {.*"level":"warn","logger":"calls","message":"one\\\\ntwo"}\n\n$/,
      );
    }
    controller.abort();
    await pause(50);
    expect((await ask("HEAD", "/logs/stream")).status).toBe(200);
    const again = await fetch(`${url}/logs/stream`);
    expect(again.status).toBe(200);
    await again.body?.cancel();
  });

  test("drops a subscriber that never reads", async () => {
    const { port, ask, log } = await start(ALL);
    const sockets = [1, 2].map(() => connect(port, "127.0.0.1").pause());
    for (const socket of sockets)
      socket.on("error", () => {}).write("GET /logs/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    while (
      (await ask("GET", "/logs/stream", { headers: { connection: "close" } }).catch(() => undefined))?.status !== 503
    ) {
      await pause(10);
    }
    for (let count = 0; count < 5_000; count++) {
      log.logger("calls").info("x".repeat(3_900));
      if (count % 100 === 0) await pause(1);
    }
    await pause(100);
    const stream = await fetch(`http://127.0.0.1:${port}/logs/stream`);
    expect(stream.status).toBe(200);
    await stream.body?.cancel();
    for (const socket of sockets) socket.destroy();
  });
});
