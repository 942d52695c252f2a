import type { IncomingMessage } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { stringify } from "../../base/numbers/exact-json.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { CapabilityDocument } from "../../language/document/document-types.ts";
import type { RestAdapter } from "../../language/model/exposed/types.ts";
import { sendText } from "../../serving/send-answer.ts";

/** Paths of the description of an adapter, unless the file has routes of these paths. */
const DOCUMENT = "/openapi.json";
const PAGE = "/openapi";

/** Description of what an adapter serves: an OpenAPI document, and a page for people. */
interface Description {
  /** Answers a request for one of them. `undefined` for other requests. */
  answer(path: string, request: FastifyRequest, reply: FastifyReply): Promise<void> | undefined;
}

/** Describes an adapter when it is asked for the first time. */
export function describeAdapter(adapter: RestAdapter, { model, document }: Runtime): Description {
  /** For the path below which it was asked for last: there is one, unless clients spell it in several ways. */
  let last: { readonly mount: string; readonly writing: Promise<Written> } | undefined;
  const write = async (mount: string): Promise<Written> => {
    const [{ exportExposed }, { openapiPage, PAGE_HEADERS }] = await Promise.all([
      import("../../language/openapi/export-exposed.ts"),
      import("./page/openapi-page.ts"),
    ]);
    // Opening has checked it.
    const value = document.value as CapabilityDocument;
    const facts = { model, document: value, version: "3.1" as const, server: mount === "" ? "/" : mount };
    const described = exportExposed(adapter, facts);
    return {
      document: stringify(described) ?? "",
      page: openapiPage(described, `${mount}${DOCUMENT}`),
      pageHeaders: PAGE_HEADERS,
    };
  };
  return {
    answer(path, request, reply) {
      if (path !== DOCUMENT && path !== PAGE) return undefined;
      if (request.method !== "GET" && request.method !== "HEAD") return undefined;
      const mount = mountOf(request.raw, path);
      if (last?.mount !== mount) last = { mount, writing: write(mount) };
      return last.writing.then(({ document, page, pageHeaders }) => {
        if (path === DOCUMENT) {
          sendText(request, reply, 200, "application/json", document);
          return;
        }
        const { "content-type": contentType, ...headers } = pageHeaders;
        for (const [name, value] of Object.entries(headers)) reply.raw.setHeader(name, value);
        sendText(request, reply, 200, contentType, page);
      });
    },
  };
}

interface Written {
  readonly document: string;
  readonly page: string;
  readonly pageHeaders: Readonly<Record<string, string>>;
}

/** Returns the path that the routes of an adapter are below. */
function mountOf(request: IncomingMessage & { readonly originalUrl?: string }, path: string): string {
  const [whole = ""] = (request.originalUrl ?? request.url ?? "").split("?", 1);
  return whole.startsWith("/") && whole.endsWith(path) ? whole.slice(0, -path.length) : "";
}
