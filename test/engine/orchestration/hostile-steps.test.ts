import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { SecretMask } from "../../../src/base/mask-secrets.ts";
import { openRuntime } from "../../../src/engine/open.ts";
import type { UnitReader } from "../../../src/engine/orchestration/unit-answer.ts";
import type { Runtime } from "../../../src/engine/runtime.ts";
import type { Unit } from "../../../src/language/model/exposed/types.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

const echo = (name: string, q: unknown, more: object = {}) => ({
  ...{ type: "call", name, call: "api.echo", with: { q } },
  ...more,
});

const units: Readonly<Record<string, object>> = {
  script: {
    inputParameters: [{ name: "limit", type: "integer" }],
    steps: [
      echo("a", "5"),
      {
        type: "script",
        name: "sum",
        language: "javascript",
        location: "file:///./scripts",
        file: "sum.js",
        with: { extra: "{{a.query.q}}" },
      },
      { type: "script", name: "none", language: "javascript", location: "file:///./scripts", file: "none.js" },
      echo("b", "{{sum.total}}"),
    ],
    mappings: [
      { targetName: "sum", value: "$.sum" },
      { targetName: "none", value: "$.none" },
      { targetName: "b", value: "$.b.query.q" },
    ],
  },
  "script-fails": {
    steps: [{ type: "script", name: "bad", language: "javascript", location: "file:///./scripts", file: "bad.js" }],
  },
  "script-each": {
    steps: [
      {
        ...{ type: "script", name: "all", language: "javascript", location: "file:///./scripts", file: "item.js" },
        "x-forEach": [1, 2, 3],
      },
    ],
  },
  million: {
    inputParameters: [{ name: "items", type: "array" }],
    steps: [echo("all", "{{item}}", { "x-forEach": "tools.items" })],
  },
  names: {
    steps: [echo("valueOf", "x"), echo("toString", "{{valueOf.query.q}}{{valueOf.toString}}")],
    mappings: [
      { targetName: "toString", value: "$.toString.query.q" },
      { targetName: "b", value: "$.valueOf.query.hasOwnProperty" },
    ],
  },
  secret: {
    steps: [
      echo("a", "{{TOKEN}}", { "x-continueOnError": true }),
      { type: "call", name: "b", call: "api.fail", with: { q: "{{TOKEN}}" } },
    ],
  },
  "secret-goes-on": {
    steps: [{ type: "call", name: "b", call: "api.fail", with: { q: "{{TOKEN}}" }, "x-continueOnError": true }],
  },
  templates: {
    inputParameters: [{ name: "text", type: "string" }],
    steps: [echo("a", "{{text}}"), echo("b", "{{a.query.q}}")],
    mappings: [{ targetName: "b", value: "$.b.query.q" }],
  },
  hang: { steps: [{ type: "call", name: "hang", call: "api.hang" }, echo("after", "{{hang.x}}")] },
  "retry-long": {
    steps: [
      { type: "call", name: "fail", call: "api.fail", with: { q: "x" }, "x-retry": { attempts: 5, delay: "1h" } },
    ],
  },
};

const scripts: Readonly<Record<string, string>> = {
  "sum.js": "var n = context.limit; result = { total: n + Number(context.extra) + Number(context.a.query.q) }",
  "none.js": "var nothing = 1;",
  "bad.js": "throw new Error('as planned')",
  "item.js": "result = context.item * 2",
};

let upstream: Upstream;
let runtime: Runtime;

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    const url = new URL(request.url, "http://x");
    if (url.pathname === "/fail") answerJson(response, 500, { told: url.searchParams.get("q") });
    else if (url.pathname === "/echo") answerJson(response, 200, { query: Object.fromEntries(url.searchParams) });
  });
  runtime = await open();
});

afterAll(async () => {
  await runtime.close();
  await upstream.close();
});

async function open(): Promise<Runtime> {
  const files = Object.entries(scripts).map(([name, text]) => [`scripts/${name}`, text]);
  const folder = await temporaryFolder(Object.fromEntries(files));
  const file = path.join(folder, "hostile.yaml");
  const inputParameters = [{ name: "q", in: "query" }];
  const resources = ["echo", "fail", "hang"].map(name => ({
    ...{ name, path: `/${name}` },
    operations: [{ name, method: "GET", inputParameters }],
  }));
  const tools = Object.entries(units).map(([name, unit]) => ({ name, description: name, ...unit }));
  const document = {
    naftiko: "1.0.0-alpha3",
    binds: [{ namespace: "env", keys: { TOKEN: "TOKEN" } }],
    capability: {
      consumes: [{ type: "http", namespace: "api", baseUri: upstream.url, resources }],
      exposes: [{ type: "mcp", transport: "stdio", namespace: "tools", tools }],
    },
  };
  await writeFile(file, stringify(document));
  return openRuntime(
    pathToFileURL(file),
    { env: { TOKEN: "5ecret-of-the-run" }, retries: 0, impliedAuthentication: false },
    { cwd: folder, secrets: new SecretMask() },
  );
}

function call(name: string, inputs = {}, options = {}, reader: Partial<UnitReader> = {}, of = runtime) {
  return of.callUnit(of.findCallable(`tools.${name}`) as Unit, inputs, options, { form: "value", ...reader });
}

describe("steps", () => {
  it.each<[name: string, inputs: Record<string, unknown>, value: unknown]>([
    ["script", { limit: 1 }, { sum: { total: 11 }, b: "11" }],
    ["script-each", {}, [2, 4, 6]],
    ["names", {}, { toString: "x" }],
    ["templates", { text: "{{TOKEN}}" }, { b: "{{TOKEN}}" }],
  ])("of %s with %j", async (name, inputs, value) => {
    expect(await call(name, inputs)).toMatchObject({ value, failures: [] });
  });

  it.each<[name: string, inputs: Record<string, unknown>, error: object]>([
    ["script-fails", {}, { code: "SCRIPT_FAILED", details: { step: "bad" } }],
    [
      "million",
      { items: new Array(1_000_000).fill("x") },
      { code: "STEP_FAILED", message: expect.stringContaining("1,000,000 items, and may have 1,000") },
    ],
  ])("fail for %s", async (name, inputs, error) => {
    const sent = upstream.requests.length;
    await expect(call(name, inputs)).rejects.toMatchObject(error);
    expect(upstream.requests).toHaveLength(sent);
  });

  it("tell no secret in errors", async () => {
    const error = await call("secret").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "HTTP_STATUS", details: { step: "b", body: { told: "***" } } });
    expect(JSON.stringify(error)).not.toContain("5ecret");
    const answer = await call("secret-goes-on");
    expect(answer).toMatchObject({ failures: [{ step: "b", error: { details: { body: { told: "***" } } } }] });
    expect(JSON.stringify(answer)).not.toContain("5ecret");
  });

  it("end with the capability", async () => {
    const other = await open();
    const calling = call("hang", {}, { deadlineMs: 300 }, {}, other);
    const ended = expect(calling).rejects.toMatchObject({ code: "TIMEOUT", details: { reason: "deadline" } });
    await new Promise(resolve => setTimeout(resolve, 50));
    await Promise.all([other.close(), ended]);
    expect(() => other.requireOpen()).toThrow("is closed");
  });

  it("end while a step waits to be tried again", async () => {
    const controller = new AbortController();
    const calling = call("retry-long", {}, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(calling).rejects.toMatchObject({ code: "ABORTED" });
  });
});
