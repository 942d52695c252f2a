import type { FastifyReply } from "fastify";
import type { HostedCapability, OpenedFile, Version } from "./hosted-capability.ts";

/**
 * Answers a request by the newest state of a capability, which stays open until the answer has gone out.
 *
 * @throws Refusal 500 if it cannot be opened; what the work throws
 */
export function useHosted<Opened extends OpenedFile>(
  hosted: HostedCapability<Opened>,
  reply: Pick<FastifyReply, "raw">,
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
  { raw }: Pick<FastifyReply, "raw">,
  work: (opened: Opened) => void | Promise<void>,
): void | Promise<void> {
  // The client has gone while the file was opened.
  if (raw.destroyed) {
    hosted.release(version);
    return;
  }
  raw.once("close", () => hosted.release(version));
  return work(version.opened);
}

/**
 * Does some work with the newest state of a capability, which stays open until the work is done. Nothing
 * that is sent from then on needs it: a subscriber of the log may stay for days.
 *
 * @throws Refusal 500 if it cannot be opened; what the work throws
 */
export async function consultHosted<Opened extends OpenedFile>(
  hosted: HostedCapability<Opened>,
  work: (opened: Opened) => void | Promise<void>,
): Promise<void> {
  const version = await hosted.acquire();
  try {
    await work(version.opened);
  } finally {
    hosted.release(version);
  }
}
