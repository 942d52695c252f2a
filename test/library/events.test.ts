import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CallEvent, type Capability, type OpenOptions, openCapability } from "../../src/index.ts";
import { markedSecret, refuseMarked } from "../support/marked-secret.ts";
import { authenticatedDocument } from "../support/open-authenticated.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

const KEY = markedSecret("key/+of the caller");
const TOKEN = markedSecret("token-of-the-server");
const library = pathToFileURL(path.resolve(import.meta.dirname, "../../dist/index.js")).href;

let upstream: Upstream;
let failures: number;
let refused: string;

beforeAll(async () => {
  const gone = await startUpstream();
  refused = gone.url;
  await gone.close();
  upstream = await startUpstream((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://any.test");
    const offset = Number(searchParams.get("offset") ?? 0);
    switch (pathname) {
      case "/flaky":
        return answerJson(response, failures-- > 0 ? 503 : 200, { ok: true });
      case "/missing":
        return answerJson(response, 404, { told: request.headers.authorization });
      case "/moved":
        return response.writeHead(302, { location: `${upstream.url}/thing?api_key=${TOKEN}` }).end();
      case "/list":
        return answerJson(response, 200, { data: [1, 2, 3].slice(offset, offset + 2), total_count: 3 });
      case "/lines":
        return response.writeHead(200, { "content-type": "application/x-ndjson" }).end('{"a":1}\n{"a":2}\n');
      case "/kept":
        response.setHeader("cache-control", "max-age=600");
        return answerJson(response, 200, {});
      case "/token":
        return answerJson(response, 200, { access_token: TOKEN, token_type: "bearer", expires_in: 600 });
      default:
        return answerJson(response, 200, { told: request.headers, password: TOKEN });
    }
  });
});

afterAll(() => upstream.close());

beforeEach(() => {
  failures = 0;
});

function documentAt(baseUri: string): object {
  const offset = { name: "offset", in: "query", type: "integer" };
  const operation = (name: string, more = {}) => ({
    name: `${name}s`,
    path: `/${name}`,
    operations: [{ name, method: "GET", ...more }],
  });
  return {
    naftiko: "1.0.0-alpha3",
    binds: [{ namespace: "env", keys: { KEY: "KEY" } }],
    capability: {
      consumes: [
        {
          type: "http",
          namespace: "api",
          baseUri,
          authentication: { type: "bearer", token: "{{KEY}}" },
          resources: [
            ...["flaky", "missing", "moved", "lines", "kept"].map(name => operation(name)),
            operation("list", { inputParameters: [offset, { name: "limit", in: "query" }] }),
            operation("thing", { inputParameters: [{ name: "q", in: "query", type: "integer" }] }),
            {
              name: "sent",
              path: "/sent",
              operations: [
                {
                  name: "send",
                  method: "POST",
                  inputParameters: [{ name: "body", in: "body", type: "object" }],
                },
              ],
            },
          ],
        },
      ],
    },
  };
}

interface Followed {
  readonly capability: Capability;
  readonly events: CallEvent[];
}

async function follow(options: OpenOptions = {}, document = documentAt(upstream.url)): Promise<Followed> {
  const events: CallEvent[] = [];
  const onEvent = (event: CallEvent) => events.push(event);
  const capability = await openCapability(document, { env: { KEY }, retries: 0, ...options, onEvent });
  return { capability, events };
}

const typesOf = (events: readonly CallEvent[]) => events.map(({ type }) => type).join(" ");

interface Case {
  readonly what: string;
  readonly types: string;
  readonly done: object;
  readonly failures?: number;
  readonly options?: () => OpenOptions;
  readonly call: (capability: Capability) => Promise<unknown>;
}

async function all(items: AsyncIterable<unknown>, most = Number.POSITIVE_INFINITY): Promise<void> {
  let count = 0;
  for await (const _ of items) if (++count >= most) break;
}

const cases: readonly Case[] = [
  {
    what: "an answer",
    call: api => api.run("thing"),
    types: "attempt response done",
    done: { attempts: 1, status: 200 },
  },
  {
    what: "a refusal",
    call: api => api.run("missing"),
    types: "attempt response done",
    done: { attempts: 1, status: 404, error: "HTTP_STATUS" },
  },
  {
    what: "no answer",
    call: api => api.run("thing"),
    options: () => ({ baseUri: refused }),
    types: "attempt failure done",
    done: { attempts: 1, error: "NETWORK" },
  },
  {
    what: "a further attempt",
    call: api => api.run("flaky"),
    failures: 1,
    options: () => ({ retries: 1 }),
    types: "attempt response retry attempt response done",
    done: { attempts: 2, status: 200 },
  },
  {
    what: "a redirect",
    call: api => api.run("moved"),
    types: "attempt response redirect attempt response done",
    done: { attempts: 2, status: 200 },
  },
  {
    what: "pages",
    call: api => all(api.pages("list")),
    types: "attempt response page attempt response page done",
    done: { attempts: 2, status: 200 },
  },
  {
    what: "pages that nobody reads on",
    call: api => all(api.pages("list"), 1),
    types: "attempt response page done",
    done: { attempts: 1, status: 200 },
  },
  {
    what: "a stream",
    call: api => all(api.stream("lines")),
    types: "attempt response body done",
    done: { attempts: 1, status: 200 },
  },
  {
    what: "a stream that nobody reads on",
    call: api => all(api.stream("lines"), 1),
    types: "attempt response body done",
    done: { attempts: 1, status: 200 },
  },
  {
    what: "a kept answer",
    call: async api => {
      await api.run("kept");
      await api.run("kept");
    },
    options: () => ({ cache: true }),
    types: "attempt response cache done cache done",
    done: { attempts: 0 },
  },
  {
    what: "a bad input",
    call: api => api.run("thing", { q: "x" }),
    types: "done",
    done: { attempts: 0, error: "INPUT_INVALID" },
  },
  {
    what: "a call that is aborted before it begins",
    call: api => api.run("thing", {}, { signal: AbortSignal.abort() }),
    types: "done",
    done: { attempts: 0, error: "ABORTED" },
  },
  { what: "no operation", call: api => api.run("nothing"), types: "", done: {} },
  { what: "a prepared call", call: api => api.prepare("thing"), types: "", done: {} },
];

describe("onEvent", () => {
  it.each(cases)("tells of $what", async ({ call, types, done, options, failures: count = 0 }) => {
    failures = count;
    const { capability, events } = await follow(options?.());
    await call(capability).catch(() => {});
    await capability.close();
    expect(typesOf(events)).toBe(types);
    if (types === "") return;
    expect(events.at(-1)).toMatchObject(done);
    if (!("error" in done)) expect(events.at(-1)).not.toHaveProperty("error");
    refuseMarked(JSON.stringify(events), "An event");
  });

  it("tells of a token, and of those who share it once", async () => {
    const declared = {
      type: "oauth2",
      grant: "client_credentials",
      tokenEndpoint: `${upstream.url}/token`,
      clientId: "c",
      clientSecret: "{{KEY}}",
    };
    const document = authenticatedDocument(declared, upstream.url, ["KEY"]);
    const bodies: unknown[] = [];
    const events: CallEvent[] = [];
    const capability = await openCapability(document, {
      env: { KEY },
      onEvent(event) {
        events.push(event);
        // Read at once: before anybody has learned the token that is in it.
        if (event.type === "response") bodies.push(event.body);
      },
    });
    await capability.run("get");
    await capability.run("get");
    await capability.close();
    expect(typesOf(events)).toBe("attempt response token attempt response done attempt response done");
    expect(events[2]).toMatchObject({
      type: "token",
      grant: "client_credentials",
      endpoint: `${upstream.url}/token`,
      call: 1,
      operation: "get",
    });
    expect(bodies).toHaveLength(3);
    refuseMarked(JSON.stringify([events, bodies]), "An event");
  });

  it("gives the bodies, the calls' numbers, and the time of a clock, all frozen", async () => {
    const { capability, events } = await follow();
    const before = Date.now();
    await capability.run("send", { body: { name: "x", note: KEY } });
    await capability.run("thing");
    await capability.close();
    const [attempt, response] = events;
    expect(attempt).toMatchObject({
      request: { method: "POST", url: `${upstream.url}/sent`, body: '{"name":"x","note":"***"}' },
    });
    expect(attempt).toHaveProperty("request.headers.authorization", "Bearer ***");
    expect(response).toHaveProperty("bodyBytes");
    expect((response as { body: string }).body).toContain('"password":"***"');
    expect(response).toMatchObject({ request: (attempt as { request: object }).request });
    expect(events.map(({ call, operation }) => `${call} ${operation}`)).toEqual([
      ...Array<string>(3).fill("1 send"),
      ...Array<string>(3).fill("2 thing"),
    ]);
    for (const event of events) {
      expect(event.at).toBeGreaterThanOrEqual(before);
      expectFrozen(event);
    }
  });

  it.each([0, "x", {}, null])("must be a function, not %j", async onEvent => {
    const options = { onEvent } as unknown as OpenOptions;
    await expect(openCapability(documentAt(upstream.url), options)).rejects.toThrow("onEvent must be a function");
  });

  it("does not fail a call for its listener, whose fault is warned of once", async () => {
    const script = `
      import { openCapability } from ${JSON.stringify(library)};
      const faults = [];
      process.on("warning", ({ code, message }) => faults.push(code, message));
      const api = await openCapability(${JSON.stringify(documentAt(upstream.url))}, {
        env: { KEY: "k" },
        onEvent: ({ type }) => { throw new Error(type); },
      });
      const { status } = await api.run("thing");
      await api.close();
      console.log(status, faults.join(" "));
    `;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script]);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    await once(child, "close");
    expect(output).toBe("200 NAFTIKO_LISTENER The function onEvent failed: attempt\n");
  });
});

function expectFrozen(value: unknown): void {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
  expect(Object.isFrozen(value)).toBe(true);
  for (const member of Object.values(value)) expectFrozen(member);
}
