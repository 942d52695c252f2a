import type { IncomingMessage } from "node:http";
import type { FastifyReply } from "fastify";
import type { Guard } from "./guard.ts";

/** Path of the metadata of protected resources (RFC 9728, 3). */
export const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** Returns the URL of the metadata of a resource; `undefined` for a resource that is not named by a URL. */
export function metadataUrl(resource: string): string | undefined {
  if (!/^https?:/i.test(resource) || !URL.canParse(resource)) return undefined;
  return `${new URL(resource).origin}${metadataPath(resource)}`;
}

/** Returns path and query of the metadata of a resource. */
function metadataPath(resource: string): string {
  if (!URL.canParse(resource)) return WELL_KNOWN;
  const { pathname, search } = new URL(resource);
  return `${WELL_KNOWN}${pathname === "/" ? "" : pathname}${search}`;
}

/**
 * Answers a request for the metadata of a resource. Clients that have no token yet ask for it.
 *
 * @returns whether it was one
 */
export function answerMetadata(
  { resource: metadata }: Pick<Guard, "resource">,
  { method }: Pick<IncomingMessage, "method">,
  reply: FastifyReply,
  target: string,
): boolean {
  if (metadata === undefined || !target.startsWith(WELL_KNOWN) || (method !== "GET" && method !== "HEAD")) return false;
  if (target !== metadataPath(metadata.resource)) return false;
  const text = JSON.stringify(metadata);
  reply.hijack();
  reply.raw.writeHead(200, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "x-content-type-options": "nosniff",
  });
  reply.raw.end(method === "HEAD" ? undefined : text);
  return true;
}
