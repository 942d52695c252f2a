import { createServer } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, fromJsonSchema, McpServer } from "@modelcontextprotocol/server";
import { Pool } from "undici";

// The peer of `mcp.mjs`: a server that is written by hand on the official packages, as their documentation shows, for the
// same tool.

const pool = new Pool(process.argv[2], { connections: 128 });
const inputSchema = fromJsonSchema({
  type: "object",
  properties: { id: { type: "string", pattern: "^ak_[0-9]+$" }, limit: { type: "integer" } },
  required: ["id"],
  additionalProperties: false,
});
const outputSchema = fromJsonSchema({
  type: "object",
  properties: { key: { type: "string" }, kind: { type: "string" }, text: { type: "string" } },
});

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: "keys", version: "1.0.0" });
  server.registerTool("key", { description: "Reads a key", inputSchema, outputSchema }, async ({ id, limit }) => {
    const path = `/api_keys/${encodeURIComponent(id)}?limit=${limit}`;
    const { body } = await pool.request({ method: "GET", path, headers: { accept: "application/json" } });
    const value = await body.json();
    const structuredContent = { key: value.id, kind: value.object, text: value.note };
    return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
  });
  return server;
});
const answer = toNodeHandler(handler);
const server = createServer((request, response) => void answer(request, response));
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("disconnect", () => process.exit());
