import type { CapabilityHost } from "../../../serving/capability-host.ts";
import type { Handle } from "../../../serving/listener.ts";
import { Refusal } from "../../../serving/refusal.ts";
import { useHosted } from "../../../serving/use-hosted.ts";
import type { ServedAdapter, ServedCapability } from "./open-served.ts";

/** Answers requests of many capabilities, each below its name. */
export function sharedHandle(host: CapabilityHost<ServedCapability>): Handle {
  return (request, reply, target) => {
    const end = endOfSegment(target);
    const hosted = host.get(target.slice(1, end)) ?? host.get(decoded(target.slice(1, end)));
    if (hosted === undefined) throw new Refusal(404, "There is no capability of this name");
    const rest = target.slice(end);
    const path = rest.startsWith("/") ? rest : `/${rest}`;
    return useHosted(hosted, reply, opened => answer(opened, request, reply, path));
  };
}

/** Answers by the first adapter that has the route. */
function answer({ shared }: ServedCapability, ...given: Parameters<Handle>): void | Promise<void> {
  const [first, ...others] = shared;
  if (first === undefined) throw new Refusal(404, "The capability exposes nothing");
  return others.length === 0 ? first.handle(...given) : answerByFirst(shared, given);
}

async function answerByFirst(shared: readonly ServedAdapter[], given: Parameters<Handle>): Promise<void> {
  for (const [index, { handle }] of shared.entries()) {
    try {
      await handle(...given);
      return;
    } catch (error) {
      const isElsewhere = error instanceof Refusal && error.status === 404 && index < shared.length - 1;
      if (!isElsewhere) throw error;
    }
  }
}

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

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
