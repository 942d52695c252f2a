import type { IncomingMessage } from "node:http";
import type { Runtime } from "../../engine/runtime.ts";
import type { TenantSource } from "../tenant/tenant-source.ts";

/** The parts of a request that tell who sends it. */
export type RequestHead = Pick<IncomingMessage, "method" | "url" | "headers" | "rawHeaders">;

/** Sender of a request. */
export interface Caller {
  /** Tells callers apart, and holds no secret. `undefined`: callers present nothing. */
  readonly id: string | undefined;
  /** Name of the tenant that it belongs to; it is a part of `id`. `undefined`: the server has none. */
  readonly tenant?: string | undefined;
}

/** Checks what the callers of one adapter present (language chapter 7.6). */
export interface Guard {
  /** @throws Refusal 401, 403, 400 for a request with several credentials, 503 if they cannot be checked for now */
  admit(request: RequestHead): Caller | Promise<Caller>;
  /** Metadata by which clients of agents find the authorization server (RFC 9728). `undefined` for all kinds but `oauth2`. */
  readonly resource: ProtectedResource | undefined;
}

/** Metadata of a protected resource (RFC 9728, 2). */
interface ProtectedResource {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly scopes_supported?: readonly string[];
  readonly bearer_methods_supported: readonly ["header"];
}

/** The parts of an opened capability that its guards use. */
export type GuardedRuntime = Pick<Runtime, "binds" | "secrets" | "session" | "perform">;

/** The surroundings of a guard. */
export interface GuardContext extends Pick<GuardedRuntime, "session"> {
  /** Whether the server publishes what {@link Guard.resource} says, so that challenges can name the place. */
  readonly servesMetadata: boolean;
  /** What tells the tenant of a caller. `undefined`: the server has none. */
  readonly tenants: TenantSource | undefined;
  /** Told why callers cannot be checked: they learn no more than that. */
  readonly report: (error: unknown) => void;
}
