import { createServer } from "node:http";

// The API of the scale test, as a process. It counts requests by path, remembers when they came, and tells both at
// GET /report. Arguments: milliseconds until an answer.

const answerMs = Number(process.argv[2]);
/** Requests by path. */
const counts = new Map();
/** When requests came, in milliseconds since the first. */
const times = [];

const server = createServer((request, response) => {
  if (request.url === "/report") {
    response.end(JSON.stringify({ counts: [...counts], times }));
    return;
  }
  counts.set(request.url, (counts.get(request.url) ?? 0) + 1);
  times.push(Math.round(performance.now()));
  request.resume();
  setTimeout(() => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ id: request.url.slice(request.url.lastIndexOf("/") + 1) }));
  }, answerMs);
});
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("disconnect", () => process.exit());
