import { createServer } from "node:http";

// The upstream of `dispatch.mjs`: one answer of 1 KB.

const body = Buffer.from(JSON.stringify({ id: "ak_1", object: "api_key", note: "x".repeat(960) }));

const server = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("disconnect", () => process.exit());
