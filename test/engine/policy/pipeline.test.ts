import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PolicySetting } from "../../../src/language/overlays/overlays.ts";
import { openText } from "../../support/open-text.ts";
import { type RestServer, serveRest } from "../../support/serve-rest.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

// The policy on every way that calls an API: of programs, of REST servers, of what is passed on.

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream(({ method }, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ items: [{ id: 1 }], next: 2, method, done: upstream.requests.length > 1 }));
  });
});
afterAll(() => upstream.close());
beforeEach(() => {
  upstream.requests.length = 0;
});

const CONSUMES = `
- type: http
  namespace: api
  baseUri: BASE
  authentication: { type: bearer, token: "{{TOKEN}}" }
  resources:
    - name: things
      path: /things
      operations:
        - { name: list, method: POST, inputParameters: [{ name: page, in: query, type: integer }] }
        - { name: add, method: PUT, inputParameters: [{ name: name, in: body, required: true }, { name: api_key, in: body }] }
        - { name: watch, method: POST, inputParameters: [{ name: n, in: query }] }
`;

const open = (policy: PolicySetting, env: Record<string, string> = { TOKEN: "token-4711" }) =>
  openText(CONSUMES.replace("BASE", upstream.url), { env, policy, retries: 0 });

async function drain(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const PAGING = { page: { input: "page" }, items: "$.items" } as const;

describe("a program's call is confirmed once", () => {
  type Opened = Awaited<ReturnType<typeof open>>;
  type Confirm = (question: string) => Promise<boolean>;
  const ways: Readonly<Record<string, (opened: Opened, confirm: Confirm | undefined) => Promise<unknown>>> = {
    run: (opened, confirm) => opened.run("list", { page: 7 }, { confirm }),
    stream: (opened, confirm) => drain(opened.stream("list", { page: 7 }, { confirm })),
    pages: (opened, confirm) => drain(opened.pages("list", { page: 7 }, { confirm, pagination: PAGING, maxPages: 3 })),
    waitFor: (opened, confirm) => opened.waitFor("list", { page: 7 }, { confirm, everyMs: 1, until: "$.done == true" }),
  };

  it.each(Object.keys(ways))("by %s", async way => {
    const call = ways[way] as (typeof ways)[string];
    // Without its variable: nothing is looked up before.
    await using bare = await open({ confirm: "writes" }, {});
    await expect(call(bare, undefined)).rejects.toMatchObject({
      code: "CONFIRMATION_MISSING",
      details: { operation: "list", reason: "unasked" },
    });
    await expect(call(bare, async () => false)).rejects.toMatchObject({ details: { reason: "declined" } });
    await expect(call(bare, () => Promise.reject(new Error("closed")))).rejects.toThrow("closed");
    await using refusing = await open({ deny: ["list"] }, {});
    await expect(call(refusing, async () => true)).rejects.toMatchObject({ code: "OPERATION_REFUSED" });
    expect(upstream.requests).toEqual([]);
    await using opened = await open({ confirm: "writes" });
    const questions: string[] = [];
    await call(opened, async question => {
      questions.push(question);
      return true;
    }).catch((error: unknown) => expect(error).toMatchObject({ code: "RESPONSE_INVALID" }));
    expect(questions).toEqual([`Call "list" of "api"? It sends POST ${upstream.url}/things, with page: 7`]);
    expect(upstream.requests.length).toBeGreaterThan(0);
  });

  it("with its inputs checked before, and without its secrets", async () => {
    await using opened = await open({ confirm: "writes" });
    const questions: string[] = [];
    const confirm = async (question: string) => questions.push(question) > 0;
    const missing = { code: "INPUT_MISSING" };
    await expect(opened.run("add", {}, { confirm })).rejects.toMatchObject(missing);
    await expect(opened.waitFor("add", {}, { confirm, until: "$" })).rejects.toMatchObject(missing);
    await expect(drain(opened.pages("add", {}, { confirm, pagination: PAGING }))).rejects.toMatchObject(missing);
    expect(questions).toEqual([]);
    const name = `ada\u202e\n${"x".repeat(300)} token-4711`;
    await opened.run("add", { name, api_key: "key-0815" }, { confirm });
    const [question = ""] = questions;
    expect(question).toMatch(/with name: "ada\\u202e\\nx+…, api_key: "?\*\*\*"?$/);
    expect(question).not.toMatch(/\n|\u202e|4711|0815/);
  });
});

it.each<[string, object]>([
  ["policy must be a policy", { policy: "readOnly" }],
  ['Unknown option "denny"; did you mean "deny"?', { policy: { denny: [] } }],
  ["deny must be a list of patterns of operations", { policy: { deny: "x" } }],
  ['confirm must be "writes" or "destructive"', { policy: { confirm: "reads" } }],
])("a policy is checked: %s", async (message, options) => {
  await expect(openText(CONSUMES, options)).rejects.toThrow(message);
});

it("lets the policies of overlays hold besides that of the options", async () => {
  const overlays = { policy: { deny: ["add"] }, profiles: { ops: { policy: { readOnly: true } } } };
  const text = CONSUMES.replace("BASE", upstream.url);
  await using one = await openText(text, { overlays, policy: { allow: ["*"] }, env: { TOKEN: "token-4711" } });
  await expect(one.run("add", { name: "x" })).rejects.toThrow('the policy of the option overlays denies "add"');
  await one.run("list");
  await using other = await openText(text, { overlays, profile: "ops", policy: { allow: ["*"] } });
  await expect(other.run("list")).rejects.toThrow("the policy of the option overlays is read-only");
});

const SERVED = `
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: ""
      resources:
        - name: any
          path: /things/{id}
          operations:
            - { name: get, method: GET }
            - { name: remove, method: DELETE }
  exposes:
    - type: rest
      port: 8080
      namespace: t
      resources:
        - path: /things/{id}
          operations:
            - { method: GET, inputParameters: [{ name: id, in: path, type: string }], call: api.get }
            - { method: DELETE, inputParameters: [{ name: id, in: path, type: string }], call: api.remove }
        - path: /all/{path}
          forward: { targetNamespace: api }
`;

describe("a server answers 403", () => {
  it.each<{ policy: PolicySetting; request: string; detail: string | undefined }>([
    { policy: { deny: ["remove"] }, request: "GET /things/7", detail: undefined },
    { policy: { deny: ["remove"] }, request: "DELETE /things/7", detail: 'denies "remove"' },
    { policy: { confirm: "writes" }, request: "DELETE /things/7", detail: "nobody can be asked here" },
    { policy: { confirm: "destructive" }, request: "DELETE /all/x", detail: "nobody can be asked here" },
    { policy: { confirm: "destructive" }, request: "POST /all/x", detail: undefined },
    { policy: { readOnly: true }, request: "POST /all/x", detail: "is read-only, and this sends POST" },
    { policy: { readOnly: true }, request: "GET /all/x", detail: undefined },
    { policy: { deny: ["GET /admin*"] }, request: "GET /all/admin/users", detail: 'denies "GET /admin*"' },
    { policy: { deny: ["GET /admin*"] }, request: "GET /all/%61dmin/users", detail: 'denies "GET /admin*"' },
    { policy: { deny: ["GET /admin*"] }, request: "GET /all//admin", detail: 'denies "GET /admin*"' },
    { policy: { deny: ["GET /admin*"] }, request: "GET /all/user", detail: undefined },
    { policy: { allow: ["GET /user/*"] }, request: "GET /all/user/7?x=1", detail: undefined },
    { policy: { allow: ["GET /user/*"] }, request: "GET /all/users", detail: 'allows only "GET /user/*"' },
    { policy: { deny: ["remove"] }, request: "DELETE /all/things/7", detail: 'denies "remove"' },
    { policy: { deny: ["remove"] }, request: "DELETE /all/%74hings;v=1/7/?force=1", detail: 'denies "remove"' },
    { policy: { deny: ["any.remove"] }, request: "GET /all/things/7", detail: undefined },
    { policy: { deny: ["remove"] }, request: "DELETE /all/things/7/parts", detail: undefined },
    { policy: { deny: ["api.*"] }, request: "GET /all/other", detail: 'denies "api.*"' },
    { policy: { deny: ["GET /admin"] }, request: "GET /all/;v=1/admin/", detail: 'denies "GET /admin"' },
    { policy: { allow: ["remove"] }, request: "DELETE /all/things/7", detail: 'allows only "remove"' },
    { policy: { allow: ["t.GET /things/{id}"] }, request: "GET /things/7", detail: undefined },
    { policy: { allow: ["t.GET *"] }, request: "DELETE /things/7", detail: 'allows only "t.GET *"' },
    { policy: { toolset: ["x"] }, request: "GET /all/users", detail: 'has the tag "x"' },
  ])("to $request by $policy: $detail", async ({ policy, request, detail }) => {
    const server: RestServer = await serveRest(SERVED, upstream.url, { policy });
    const [method = "", path = ""] = request.split(" ");
    const response = await fetch(`${server.url}${path}`, { method });
    const body = (await response.json()) as { detail?: string; code?: string };
    expect(response.status).toBe(detail === undefined ? 200 : 403);
    if (detail !== undefined) {
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(body.detail).toContain(detail);
      expect(body.code).toBe(policy.confirm === undefined ? "OPERATION_REFUSED" : "CONFIRMATION_MISSING");
    }
    expect(upstream.requests.length).toBe(detail === undefined ? 1 : 0);
    await server.close();
  });
});
