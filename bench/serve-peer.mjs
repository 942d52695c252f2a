import Fastify from "fastify";
import { Pool } from "undici";

// The peer of `serve.mjs`: a service that is written by hand for the same route, with the same check of its inputs.

const pool = new Pool(process.argv[2], { connections: 128 });
const app = Fastify();

app.get(
  "/keys/:id",
  {
    schema: {
      params: {
        type: "object",
        properties: { id: { type: "string", pattern: "^ak_[0-9]+$", maxLength: 20 } },
        required: ["id"],
      },
      querystring: { type: "object", properties: { limit: { type: "integer", minimum: 1, maximum: 100 } } },
    },
  },
  async (request, reply) => {
    const path = `/api_keys/${encodeURIComponent(request.params.id)}?limit=${request.query.limit}`;
    const { statusCode, body } = await pool.request({ method: "GET", path, headers: { accept: "application/json" } });
    const value = await body.json();
    reply.code(statusCode);
    return { key: value.id, kind: value.object, text: value.note };
  },
);

await app.listen({ host: "127.0.0.1", port: 0 });
process.send({ port: app.server.address().port });
process.on("disconnect", () => process.exit());
