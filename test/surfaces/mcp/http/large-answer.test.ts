import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { openOffer } from "../../../support/open-offer.ts";

const DOCUMENT = `
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: http://127.0.0.1
      resources: [ { path: /all, name: all, operations: [ { method: GET, name: read } ] } ]
  exposes:
    - { type: mcp, port: 0, namespace: large, tools: [ { name: read, description: Reads all, call: api.read } ] }
`;

it("a tool tells that an API answers 300 MB, and does not keep it", async () => {
  const piece = Buffer.alloc(1_000_000, "x");
  let sent = 0;
  const api = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    const write = () => {
      while (sent < 300_000_000 && !response.destroyed) {
        sent += piece.length;
        if (!response.write(piece)) {
          response.once("drain", write);
          return;
        }
      }
      response.end();
    };
    write();
  });
  await new Promise<void>(resolve => api.listen(0, "127.0.0.1", resolve));
  const { call, runtime } = await openOffer(DOCUMENT, `http://127.0.0.1:${(api.address() as AddressInfo).port}`);
  try {
    const answer = await call("read");
    expect(answer.isError).toBe(true);
    expect(JSON.stringify(answer.content).slice(0, 300)).toMatch(/too large|larger|bytes|MiB/);
    expect(sent).toBeLessThan(200_000_000);
  } finally {
    await runtime.close();
    api.close();
    api.closeAllConnections();
  }
});
