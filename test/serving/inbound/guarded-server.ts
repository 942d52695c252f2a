import { createServer, request as httpRequest, type OutgoingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { SecretMask } from "../../../src/base/mask-secrets.ts";
import { openRuntime } from "../../../src/engine/open.ts";
import { admitRequest } from "../../../src/serving/inbound/admit-request.ts";
import type { Guard } from "../../../src/serving/inbound/guard.ts";
import { openGuard } from "../../../src/serving/inbound/open-guard.ts";
import { RateLimit } from "../../../src/serving/rate/rate-limit.ts";
import type { RatePolicy } from "../../../src/serving/rate/rate-policy.ts";
import { Refusal } from "../../../src/serving/refusal.ts";
import type { TenantSource } from "../../../src/serving/tenant/tenant-source.ts";
import { refuseMarked } from "../../support/marked-secret.ts";

export interface Declared {
  readonly type: string;
  readonly [member: string]: unknown;
}

export interface GuardOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: () => number;
  readonly report?: (error: unknown) => void;
  readonly rate?: RatePolicy;
  readonly tenants?: TenantSource;
}

/** Opens the guard of a REST adapter with a declaration, which may refer to every variable of `env`. */
export async function guardOf(
  declaration: Declared | undefined,
  { env = {}, now, report = () => {}, tenants }: GuardOptions = {},
): Promise<Guard> {
  const keys = Object.fromEntries(["TOKEN", ...Object.keys(env)].map(name => [name, name]));
  const document = {
    naftiko: "1.0.0-alpha3",
    binds: [{ namespace: "env", keys }],
    capability: {
      exposes: [{ type: "rest", namespace: "shop", port: 8080, authentication: declaration, resources: [] }],
    },
  };
  const surroundings = { cwd: process.cwd(), secrets: new SecretMask(), ...(now === undefined ? {} : { now }) };
  const runtime = await openRuntime(document, { env }, surroundings);
  const [adapter] = runtime.exposed.adapters;
  if (adapter === undefined) throw new Error("The document exposes nothing");
  return openGuard(adapter, runtime, report, tenants);
}

/** A server that answers with the caller's name, or as its guard refuses. */
export interface GuardedServer {
  readonly url: string;
  readonly port: number;
  /** Sends a request. */
  ask(headers?: OutgoingHttpHeaders | readonly string[], path?: string): Promise<GuardedAnswer>;
}

export interface GuardedAnswer {
  readonly status: number;
  /** All challenges, with a line break between the fields. */
  readonly challenge: string;
  readonly retryAfter: string | undefined;
  readonly body: { readonly caller?: string; readonly detail?: string; readonly status?: number };
}

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Serves until the test has ended. */
export async function startGuarded(declaration: Declared | undefined, options?: GuardOptions): Promise<GuardedServer> {
  const guard = await guardOf(declaration, options);
  const limit = options?.rate && (await RateLimit.open(options.rate));
  const server = createServer(async (request, response) => {
    try {
      const { id } = await admitRequest(guard, limit, request, response);
      response.end(JSON.stringify({ caller: id ?? "anybody" }));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.writeHead(error.status, error.headers);
      response.end(JSON.stringify(error.problem));
    }
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, ask: (headers, path) => ask(port, headers, path) };
}

/** Sends a request. A list of headers has names and values in turn, and may have a name twice. */
function ask(
  port: number,
  headers: OutgoingHttpHeaders | readonly string[] = {},
  path = "/hello",
): Promise<GuardedAnswer> {
  return new Promise((resolve, reject) => {
    const fields = Array.isArray(headers) ? ["host", "localhost", ...headers] : headers;
    const sent = httpRequest(
      { host: "127.0.0.1", port, path, headers: fields as OutgoingHttpHeaders },
      async response => {
        let text = "";
        for await (const chunk of response.setEncoding("utf8")) text += chunk;
        refuseMarked(JSON.stringify(response.headers) + text, "An answer");
        resolve({
          status: response.statusCode ?? 0,
          challenge: (response.headersDistinct["www-authenticate"] ?? []).join("\n"),
          retryAfter: response.headers["retry-after"],
          body: JSON.parse(text),
        });
      },
    );
    sent.on("error", reject);
    sent.end();
  });
}
