import { Agent, createServer, request as send } from "node:http";

// The balancer of the scale test, as a process: requests go to the servers in turn. One that does not take a connection is
// left out, and the request goes to the next; one that breaks off in the middle of a request is answered with 502, since
// nobody knows whether it was done. Arguments: the ports of the servers.

const ports = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
let next = 0;

const server = createServer((request, response) => pass(request, response, ports.length));
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("disconnect", () => process.exit());

function pass(request, response, tries) {
  const port = ports[next++ % ports.length];
  const { method, url, headers } = request;
  // None of the calls has a body: a request can be sent anew.
  const passed = send({ agent, host: "127.0.0.1", port, method, path: url, headers }, answer => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  passed.on("error", error => {
    if (response.headersSent) response.destroy();
    // On a kept connection that the server has closed, nothing was taken either, but nobody can tell.
    else if (error.code === "ECONNREFUSED" && tries > 1) pass(request, response, tries - 1);
    else response.writeHead(502).end();
  });
  passed.end();
}
