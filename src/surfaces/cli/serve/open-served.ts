import type { Runtime } from "../../../engine/runtime.ts";
import type { ExposedAdapter } from "../../../language/model/exposed/types.ts";
import { type Stamps, stampsOf } from "../../../serving/file-stamps.ts";
import type { OpenedFile } from "../../../serving/hosted-capability.ts";
import type { IdempotencyLedger } from "../../../serving/idempotency/idempotency-ledger.ts";
import { admitRequest } from "../../../serving/inbound/admit-request.ts";
import type { Caller, Guard } from "../../../serving/inbound/guard.ts";
import { openGuard } from "../../../serving/inbound/open-guard.ts";
import type { Handle } from "../../../serving/listener.ts";
import type { RateLimit } from "../../../serving/rate/rate-limit.ts";
import { Refusal } from "../../../serving/refusal.ts";
import type { Service } from "../../../serving/service.ts";
import { rememberTenant } from "../../../serving/tenant/tenant-of-request.ts";
import type { TenantSource } from "../../../serving/tenant/tenant-source.ts";
import type { Telemetry } from "../../../telemetry/telemetry.ts";
import type { OpenFile } from "./file-opener.ts";
import type { McpEndpoints } from "./mcp-endpoints.ts";

/** A capability that is open, and what answers the requests of its adapters. */
export interface ServedCapability extends OpenedFile {
  readonly runtime: Runtime;
  readonly telemetry: Telemetry;
  /** In the order of the file. */
  readonly adapters: readonly ServedAdapter[];
  /** Those that take the requests for the capability where many share a port; the first that has the route answers. */
  readonly shared: readonly ServedAdapter[];
  /** Absolute paths: the file, and those that it imports. */
  readonly files: readonly string[];
  /** States of the files when they were read. */
  readonly stamps: Stamps;
}

export interface ServedAdapter {
  readonly adapter: ExposedAdapter;
  /** Whether it can be called. The others say that they cannot. */
  readonly isSupported: boolean;
  readonly guard: Guard;
  /**
   * Looks at a request before its caller is let in, where that is needed. Returns whether it has answered.
   *
   * @throws Refusal for a request that is not to be answered at all
   */
  readonly check: ((...given: Parameters<Handle>) => boolean) | undefined;
  /** Answers requests whose callers have been let in. */
  readonly answer: Answer;
  /** Lets callers in, and then answers them. */
  readonly handle: Handle;
  /** Called when this state of the file takes the place of an older one. */
  readonly taken: (() => void) | undefined;
  /** Called when the server stops, before it waits for requests: answers that have no end are ended. */
  readonly stop: (() => void) | undefined;
}

type Answer = (...given: [...Parameters<Handle>, caller: Caller]) => void | Promise<void>;

/** Answers requests whose callers have been let in. */
interface Handler extends Partial<Pick<ServedAdapter, "check" | "taken" | "stop">> {
  readonly handle: Answer;
}

/** Surroundings of an opened file. */
interface ServedContext {
  /** Absolute path. */
  readonly file: string;
  readonly open: OpenFile;
  readonly service: Service;
  readonly telemetry: Telemetry;
  /** Sets the telemetry up as an opened file says. */
  readonly follow: (runtime: Runtime) => Promise<void>;
  readonly rateLimit: RateLimit | undefined;
  /** Remembers the answers to requests of this capability that have a key. */
  readonly ledger: IdempotencyLedger;
  /** What tells the tenants of callers. `undefined`: there are none. */
  readonly tenants: TenantSource | undefined;
  readonly endpoints: McpEndpoints;
  /** Told why a request could not be answered, where only the operator can mend it. */
  readonly report: (error: unknown) => void;
}

/**
 * Opens a file, and makes what answers the requests of its adapters.
 *
 * @throws CapabilityError as opening does; `BIND_MISSING` for a secret of callers that has no value
 */
export async function openServed({ file, open, ...context }: ServedContext): Promise<ServedCapability> {
  const stamp = await stampsOf([file]);
  const runtime = await open(file, context.telemetry);
  try {
    const adapters = await adaptersOf(runtime, context);
    const shared = sharedOf(adapters);
    const imported = runtime.document.origins.files.filter(other => other !== file);
    const stamps = [stamp, ...(imported.length > 0 ? [await stampsOf(imported)] : [])].join("\n");
    await context.follow(runtime);
    const { telemetry } = context;
    const files = [file, ...imported];
    return { runtime, telemetry, adapters, shared, files, stamps, close: () => runtime.close() };
  } catch (error) {
    await runtime.close();
    // Exposed parts are checked here, where no places are known.
    throw await runtime.presented(error);
  }
}

/** Types of adapters in the order in which they are asked for a route. */
const SHARED: readonly ExposedAdapter["type"][] = ["rest", "skill", "mcp"];

function sharedOf(adapters: readonly ServedAdapter[]): ServedAdapter[] {
  const shared = SHARED.flatMap(type => adapters.filter(({ adapter }) => adapter.type === type));
  const supported = shared.filter(({ isSupported }) => isSupported);
  // The others say that they are not served yet.
  return supported.length > 0 ? supported : shared;
}

async function adaptersOf(runtime: Runtime, context: Omit<ServedContext, "file" | "open">): Promise<ServedAdapter[]> {
  const adapters: ServedAdapter[] = [];
  for (const adapter of runtime.exposed.adapters) {
    const tenants = isOfTenants(adapter) ? context.tenants : undefined;
    const guard = await openGuard(adapter, runtime, context.report, tenants);
    const handler = await handlerOf(adapter, runtime, guard, context);
    const { handle, check, taken, stop } = handler ?? notYet(adapter);
    const answer = tenants === undefined ? handle : ofTenant(handle);
    // Who watches over the server must not be kept from it by what others send.
    const limit = adapter.type === "control" ? undefined : context.rateLimit;
    const admit = admitting(guard, limit, check, answer);
    adapters.push({ adapter, isSupported: handler !== undefined, guard, check, answer, handle: admit, taken, stop });
  }
  return adapters;
}

/** Tells whether calls are made for the requests of an adapter. Skills are files, and the control adapter is the operator's. */
function isOfTenants(adapter: ExposedAdapter): boolean {
  return adapter.type === "rest" || adapter.type === "mcp";
}

/** Answers requests with the calls of their tenants. */
function ofTenant(answer: Answer): Answer {
  return (request, reply, target, caller) => {
    if (caller.tenant !== undefined) rememberTenant(request.raw, caller.tenant);
    return answer(request, reply, target, caller);
  };
}

/** Makes what answers the requests of an adapter. `undefined` for a type that is not served yet. */
async function handlerOf(
  adapter: ExposedAdapter,
  runtime: Runtime,
  guard: Guard,
  { service, report, endpoints, ledger }: Omit<ServedContext, "file" | "open">,
): Promise<Handler | undefined> {
  switch (adapter.type) {
    case "rest": {
      const { createRestHandler } = await import("../../rest/rest-handler.ts");
      return createRestHandler(adapter, runtime, { maxBodyBytes: MAX_BODY_BYTES, ledger, report });
    }
    case "skill": {
      const { createSkillHandler } = await import("../../skill/skill-handler.ts");
      return createSkillHandler(adapter, runtime, report);
    }
    case "mcp":
      return adapter.transport === "http" ? endpoints.open(adapter, runtime, guard) : undefined;
    case "control": {
      const { createControlHandler } = await import("../../control/control-handler.ts");
      return createControlHandler({ adapter, runtime, service });
    }
    default:
      return undefined;
  }
}

/** Longest body of a request, in bytes. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

function notYet({ type }: ExposedAdapter): Handler {
  return {
    handle() {
      throw new Refusal(501, `Adapters of type ${type} are not served yet`);
    },
  };
}

/** Lets callers in, and then answers them. Most guards decide at once. */
function admitting(guard: Guard, limit: RateLimit | undefined, check: ServedAdapter["check"], answer: Answer): Handle {
  return (request, reply, path) => {
    if (check?.(request, reply, path)) return;
    const admitted = admitRequest(guard, limit, request.raw, reply.raw);
    return admitted instanceof Promise
      ? admitted.then(caller => answer(request, reply, path, caller))
      : answer(request, reply, path, admitted);
  };
}
