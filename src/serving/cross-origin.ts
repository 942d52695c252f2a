import type { FastifyInstance } from "fastify";

/** Headers of answers that scripts of other origins may read, besides those that they always may. */
const READABLE = [
  "allow",
  "etag",
  "idempotent-replayed",
  "location",
  "mcp-session-id",
  "naftiko-incomplete",
  "ratelimit",
  "ratelimit-policy",
  "retry-after",
  "www-authenticate",
];

/**
 * Lets pages of other origins call a server (CORS). Preflight requests are answered before callers are let in: browsers send
 * them without credentials.
 *
 * @param origins such as `https://app.example`; `*` for all
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  const { default: cors } = await import("@fastify/cors");
  await app.register(cors, {
    delegator: (request, callback) => {
      // Any other OPTIONS is a request like others.
      const isPreflight = request.headers["access-control-request-method"] !== undefined;
      callback(null, {
        origin: origins.includes("*") ? "*" : [...origins],
        methods: ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"],
        exposedHeaders: READABLE,
        maxAge: 600,
        preflight: isPreflight,
      });
    },
  });
  // Answers are written past fastify.
  app.addHook("onRequest", (_request, reply, done) => {
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    done();
  });
}
