import type { FastifyReply, FastifyRequest } from "fastify";
import type { Runtime } from "../../engine/runtime.ts";
import type { ControlAdapter } from "../../language/model/exposed/types.ts";
import type { Service } from "../../serving/service.ts";

/** The parts of what runs that a control adapter shows and changes. */
export interface Controlled {
  readonly adapter: ControlAdapter;
  readonly runtime: Runtime;
  readonly service: Service;
  /** When this state of the file was opened, in ISO 8601. */
  readonly loadedAt: string;
}

/** A request that has been let in. */
export interface ControlRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly query: URLSearchParams;
  /** Value of the placeholder of the path, or empty. */
  readonly name: string;
}

/** Answer of a route. Values are written as JSON. */
export type ControlAnswer =
  | { readonly status: number; readonly value: unknown }
  | { readonly status: number; readonly contentType: string; readonly text: string };

/**
 * Answers a request. `undefined`: the answer has been taken over.
 *
 * @throws Refusal
 */
type Answer = (
  controlled: Controlled,
  request: ControlRequest,
) => ControlAnswer | undefined | Promise<ControlAnswer | undefined>;

/** A path of the control adapter. */
export interface ControlRoute {
  /** With at most one placeholder, as its last segment. */
  readonly path: string;
  /** Tells whether the file turns the route on. */
  isOn(adapter: ControlAdapter): boolean;
  /** By method. Those that are not `GET` change something. */
  readonly methods: Readonly<Partial<Record<"GET" | "POST" | "PUT", Answer>>>;
}
