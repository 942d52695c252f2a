import { createServer, request as httpRequest, type OutgoingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { SecretMask } from "../../../src/base/mask-secrets.ts";
import { openRuntime } from "../../../src/engine/open.ts";
import type { CapabilityDocument } from "../../../src/language/document/document-types.ts";
import { BindScope } from "../../../src/language/model/bind-scope.ts";
import { compileAuthentication } from "../../../src/language/model/compile-authentication.ts";
import type { InboundAuthentication } from "../../../src/language/model/exposed/types.ts";
import type { Guard } from "../../../src/serving/inbound/guard.ts";
import { openGuard } from "../../../src/serving/inbound/open-guard.ts";
import { Refusal } from "../../../src/serving/refusal.ts";
import { refuseMarked } from "../../support/marked-secret.ts";

export interface Declared {
  readonly type: string;
  readonly [member: string]: unknown;
}

export interface GuardOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: () => number;
}

/** Opens the guard of a REST adapter with a declaration, which may refer to every variable of `env`. */
export async function guardOf(declaration: Declared | undefined, { env = {}, now }: GuardOptions = {}): Promise<Guard> {
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
  const pointer = "/capability/exposes/0";
  const authentication =
    declaration && inboundOf(declaration, document as CapabilityDocument, `${pointer}/authentication`);
  return openGuard({ type: "rest", namespace: "shop", pointer, authentication }, runtime);
}

function inboundOf(declaration: Declared, document: CapabilityDocument, pointer: string): InboundAuthentication {
  const scope = new BindScope(document);
  const compiled = compileAuthentication(declaration as never, { scope, bareNames: true }, pointer);
  const {
    key,
    placement = "header",
    scopes = [],
    tokenValidation = "jwks",
  } = declaration as Partial<InboundAuthentication>;
  const type = declaration.type as InboundAuthentication["type"];
  return { type, key, placement, fields: compiled?.fields ?? new Map(), scopes, tokenValidation, pointer };
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
  const server = createServer(async (request, response) => {
    try {
      const { id } = await guard.admit(request);
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
