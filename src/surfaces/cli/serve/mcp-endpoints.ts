import type { FastifyReply, FastifyRequest } from "fastify";
import type { Runtime } from "../../../engine/runtime.ts";
import type { McpAdapter } from "../../../language/model/exposed/types.ts";
import { followRequest } from "../../../serving/follow-request.ts";
import type { Caller, Guard } from "../../../serving/inbound/guard.ts";
import { answerMetadata } from "../../../serving/inbound/protected-resource.ts";
import type { Handle } from "../../../serving/listener.ts";
import type { AnswerSettings } from "../../../tools/answer/answer-settings.ts";
import type { createMcpEndpoint, McpEndpoint } from "../../mcp/http/endpoint.ts";
import type { McpOffer } from "../../mcp/offer.ts";

/** What endpoints of a file have in common. */
interface EndpointsContext {
  /** Returns the address that an adapter listens on; `undefined` for one that does not. */
  readonly hostOf: (adapter: McpAdapter) => string | undefined;
  /** Origins whose pages may call; `*` for all. */
  readonly origins: readonly string[];
  /** How answers are written. */
  readonly answers: AnswerSettings;
  /** Told why a request could not be answered, where only the operator can mend it. */
  readonly report: (error: unknown) => void;
}

/** An endpoint, and the offer of the newest state of its file. */
interface KeptEndpoint {
  readonly endpoint: McpEndpoint;
  offer: McpOffer;
}

/** The endpoint of an adapter of one state of a file. */
interface OpenedEndpoint {
  /** Looks at a request before its caller is let in. Returns whether it has answered. */
  check(...given: Parameters<Handle>): boolean;
  handle(request: FastifyRequest, reply: FastifyReply, target: string, caller: Caller): void | Promise<void>;
  /** Called when the state of the file takes the place of an older one. */
  taken(): void;
  /** Called when the server stops: answers that have no end are ended. */
  stop(): void;
}

/** Endpoints of the MCP adapters of one file. They stay when the file is opened again, with the sessions of their clients. */
export class McpEndpoints {
  readonly #context: EndpointsContext;
  readonly #byNamespace = new Map<string, KeptEndpoint>();

  constructor(context: EndpointsContext) {
    this.#context = context;
  }

  /** Opens the endpoint of an adapter, or finds it. */
  async open(adapter: McpAdapter, runtime: Runtime, guard: Guard): Promise<OpenedEndpoint> {
    const [{ offerOfAdapter }, { Answers }, { createMcpEndpoint: create }] = await Promise.all([
      import("../../mcp/exposed/offer-of-adapter.ts"),
      import("../../../tools/answer/answers.ts"),
      import("../../mcp/http/endpoint.ts"),
    ]);
    const offer = offerOfAdapter(adapter, runtime, {
      answers: new Answers(this.#context.answers),
      report: this.#context.report,
    });
    const known = new Set(offer.tools.map(({ name }) => name));
    const { namespace } = adapter;
    const own = this.#byNamespace.get(namespace) ?? this.#create(adapter, offer, create, guard.resource?.resource);
    return {
      check({ raw }, reply, target) {
        if (answerMetadata(guard, raw, reply, target)) return true;
        own.endpoint.check(raw.headers);
        return false;
      },
      handle(request, reply, target, { id }) {
        own.offer = offer;
        const served = followRequest("mcp", runtime, request, reply);
        const found = (method: string, tool: string | undefined) => {
          // A caller may write any name: those that are not known are not told apart.
          const route = tool !== undefined && known.has(tool) ? `${method} ${tool}` : labelOf(method);
          served?.found({
            route,
            reference: tool !== undefined && known.has(tool) ? `${namespace}.${tool}` : namespace,
          });
          return served?.span;
        };
        return own.endpoint.handle(request, reply, target, { caller: id, found });
      },
      taken() {
        const isOther = own.offer !== offer;
        own.offer = offer;
        if (isOther) own.endpoint.changed();
      },
      stop: () => own.endpoint.stop(),
    };
  }

  #create(
    adapter: McpAdapter,
    offer: McpOffer,
    create: typeof createMcpEndpoint,
    resource: string | undefined,
  ): KeptEndpoint {
    const { hostOf, origins, report } = this.#context;
    const address = { host: hostOf(adapter) ?? "", origins, resource };
    const offered = { offer };
    const kept = Object.assign(offered, { endpoint: create(() => offered.offer, { address, report }) });
    this.#byNamespace.set(adapter.namespace, kept);
    return kept;
  }

  async close(): Promise<void> {
    const all = [...this.#byNamespace.values()];
    this.#byNamespace.clear();
    await Promise.all(all.map(({ endpoint }) => endpoint.close()));
  }
}

/** Methods that are told apart. */
const METHODS: ReadonlySet<string> = new Set([
  "initialize",
  "server/discover",
  "ping",
  "tools/list",
  "tools/call",
  "resources/list",
  "resources/templates/list",
  "resources/read",
  "prompts/list",
  "prompts/get",
  "subscriptions/listen",
]);

function labelOf(method: string): string {
  return METHODS.has(method) ? method : "other";
}
