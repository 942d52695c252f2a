import { onTestFinished } from "vitest";
import { parse as parseYaml } from "yaml";
import { kinds } from "../../../src/engine/kinds.ts";
import type { CapabilityDocument } from "../../../src/language/document/document-types.ts";
import { compile } from "../../../src/language/model/compile.ts";
import type { CapabilityModel } from "../../../src/language/model/types.ts";
import { type Sandbox, startSandbox } from "../../../src/surfaces/sandbox/sandbox.ts";

/** Compiles a capability from YAML text. */
export function capabilityFrom(yaml: string, name = "test"): CapabilityModel {
  return compile(name, parseYaml(yaml, { merge: true }) as CapabilityDocument, {
    kinds,
    impliedAuthentication: true,
  });
}

/** Returns the YAML of a capability that consumes one API at `https://api.test/v1`, from the YAML of its resources. */
export function consuming(resources: string, adapter = "{}", namespace = "shop"): string {
  const indented = resources
    .trim()
    .split("\n")
    .map(line => `        ${line.trim()}`)
    .join("\n");
  return `
naftiko: 1.0.0-alpha2
binds:
  - { namespace: env, keys: { SHOP_NAME: SHOP_NAME } }
capability:
  consumes:
    - <<: ${adapter}
      type: http
      namespace: ${namespace}
      baseUri: https://api.test/v1
      resources:
${indented}
`;
}

/** Returns one line of YAML: a resource with operations that take no inputs, from `GET POST /items`. */
export function resource(methodsAndPath: string): string {
  const words = methodsAndPath.split(" ");
  const path = words.pop();
  const operations = words.map(method => `{ name: ${method.toLowerCase()}, method: ${method} }`);
  return `- { name: r, path: "${path}", operations: [${operations.join(", ")}] }`;
}

/** An answer of the sandbox; `body` is the parsed JSON, or the text where it is none. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface Client extends Sandbox {
  /** Sends a request: `GET /items?limit=1`, below the base URI of the first namespace, or a whole URL. */
  send(request: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
}

/** Starts a sandbox that ends with the test. Ids are `<collection>-1`, `-2`, …; each look at the clock is a second later. */
export async function serve(
  capabilities: CapabilityModel | readonly CapabilityModel[],
  options: Partial<Parameters<typeof startSandbox>[0]> = {},
): Promise<Client> {
  let ids = 0;
  let seconds = 0;
  const sandbox = await startSandbox({
    capabilities: [capabilities].flat() as readonly CapabilityModel[],
    clock: () => new Date(Date.UTC(2030, 0, 1, 0, 0, seconds++)),
    newId: collection => `${collection.slice(collection.lastIndexOf("/") + 1)}-${++ids}`,
    ...options,
  });
  onTestFinished(() => sandbox.close());
  const [base = sandbox.url] = sandbox.baseUris.values();
  return { ...sandbox, send: (request, body, headers) => send(base, request, body, headers) };
}

async function send(
  base: string,
  request: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const [method = "GET", target = "/"] = request.split(" ");
  const response = await fetch(target.startsWith("http") ? target : base + target, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
