import { percentDecode } from "../../../base/percent-decoding.ts";
import type { CapabilityHost } from "../../../serving/capability-host.ts";
import { admitRequest } from "../../../serving/inbound/admit-request.ts";
import { admitToSome } from "../../../serving/inbound/admit-to-some.ts";
import { answerMetadata, WELL_KNOWN } from "../../../serving/inbound/protected-resource.ts";
import type { Handle } from "../../../serving/listener.ts";
import type { RateLimit } from "../../../serving/rate/rate-limit.ts";
import { Refusal } from "../../../serving/refusal.ts";
import { useHosted } from "../../../serving/use-hosted.ts";
import type { ServedAdapter, ServedCapability } from "./open-served.ts";

/** Answers requests of many capabilities, each below its name. */
export function sharedHandle(host: CapabilityHost<ServedCapability>, limit: RateLimit | undefined): Handle {
  return (request, reply, target) => {
    if (target.startsWith(WELL_KNOWN)) return answerMetadataOf(host, request, reply, target);
    const end = endOfSegment(target);
    const hosted = host.get(target.slice(1, end)) ?? host.get(percentDecode(target.slice(1, end)));
    if (hosted === undefined) throw new Refusal(404, "There is no capability of this name");
    const rest = target.slice(end);
    const path = rest.startsWith("/") ? rest : `/${rest}`;
    return useHosted(hosted, reply, opened => answer(opened, limit, request, reply, path));
  };
}

/**
 * Answers with the metadata of a resource, whose place is at the root: those of a capability that is open, and of the one
 * that the path of the resource begins with.
 */
async function answerMetadataOf(host: CapabilityHost<ServedCapability>, ...given: Parameters<Handle>): Promise<void> {
  const [request, reply, target] = given;
  const answered = ({ adapters }: ServedCapability) =>
    adapters.some(({ guard, adapter }) => adapter.type === "mcp" && answerMetadata(guard, request.raw, reply, target));
  for (const { current } of host.used) if (current !== undefined && answered(current)) return;
  const path = target.slice(WELL_KNOWN.length);
  const hosted = host.get(percentDecode(path.slice(1, endOfSegment(path))));
  if (hosted === undefined) throw new Refusal(404, "There is no such route");
  await useHosted(hosted, reply, opened => {
    if (!answered(opened)) throw new Refusal(404, "There is no such route");
  });
}

/** Answers by the adapter that has the route. */
function answer(
  { shared }: ServedCapability,
  limit: RateLimit | undefined,
  ...given: Parameters<Handle>
): void | Promise<void> {
  const [first, ...others] = shared;
  if (first === undefined) throw new Refusal(404, "The capability exposes nothing");
  return others.length === 0 ? first.handle(...given) : answerByFirst(shared, limit, given);
}

/**
 * Answers by the first adapter that lets the caller in and has the route. If there is none, the caller learns nothing about
 * the routes of those that do not let it in.
 */
async function answerByFirst(
  shared: readonly ServedAdapter[],
  limit: RateLimit | undefined,
  given: Parameters<Handle>,
): Promise<void> {
  const [request, reply] = given;
  const { admitted, refusal } = await admitRequest(
    { admit: head => admitToSome(shared, head) },
    limit,
    request.raw,
    reply.raw,
  );
  const problems: Refusal[] = [];
  for (const { guarded: adapter, caller } of admitted) {
    try {
      if (adapter.check?.(...given)) return;
      await adapter.answer(...given, caller);
      return;
    } catch (error) {
      if (!(error instanceof Refusal) || !ELSEWHERE.has(error.status)) throw error;
      problems.push(error);
    }
  }
  throw refusal ?? problems.find(({ status }) => status !== 404) ?? problems[0];
}

/** Statuses of adapters that have no route for a request: another may have it, or its method. */
const ELSEWHERE: ReadonlySet<number> = new Set([404, 405]);

/** Returns where the first segment of a path ends. */
function endOfSegment(target: string): number {
  for (let at = 1; at < target.length; at++) {
    const character = target.charCodeAt(at);
    if (character === SLASH || character === QUESTION_MARK) return at;
  }
  return target.length;
}

const SLASH = 0x2f;
const QUESTION_MARK = 0x3f;
