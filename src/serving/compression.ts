import type { FastifyInstance } from "fastify";

/** Shortest body that is packed, in bytes: packing a shorter one costs more than it saves. */
export const PACKED_FROM = 1_024;

/** Gives replies their `compress`. Nothing is packed without it. */
export async function addCompression(app: FastifyInstance): Promise<void> {
  const { default: compress } = await import("@fastify/compress");
  await app.register(compress, { global: false, threshold: PACKED_FROM, encodings: ["br", "gzip"] });
}
