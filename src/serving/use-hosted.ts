import type { FastifyReply } from "fastify";
import type { HostedCapability, OpenedFile, Version } from "./hosted-capability.ts";

/**
 * Answers a request by the newest state of a capability, which stays open until the answer has gone out.
 *
 * @throws Refusal 500 if it cannot be opened; what the work throws
 */
export function useHosted<Opened extends OpenedFile>(
  hosted: HostedCapability<Opened>,
  reply: FastifyReply,
  work: (opened: Opened) => void | Promise<void>,
): void | Promise<void> {
  const version = hosted.acquire();
  return version instanceof Promise
    ? version.then(opened => use(hosted, opened, reply, work))
    : use(hosted, version, reply, work);
}

function use<Opened extends OpenedFile>(
  hosted: HostedCapability<Opened>,
  version: Version<Opened>,
  { raw }: FastifyReply,
  work: (opened: Opened) => void | Promise<void>,
): void | Promise<void> {
  // The client has gone while the file was opened.
  if (raw.closed) {
    hosted.release(version);
    return;
  }
  raw.once("close", () => hosted.release(version));
  return work(version.opened);
}
