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
    - { type: mcp, port: 0, namespace: large,
        tools: [ { name: read, description: Reads all, call: api.read } ],
        resources: [ { name: all, uri: "all://one", description: All, call: api.read } ] }
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

it("a tool and a resource keep to the bound that the operator sets", async () => {
  const api = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    response.end("x".repeat(5_000));
  });
  await new Promise<void>(resolve => api.listen(0, "127.0.0.1", resolve));
  const baseUri = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  try {
    for (const [maxResponseBytes, isTooLarge] of [
      [4_999, true],
      [5_000, false],
    ] as const) {
      const { call, offer, runtime } = await openOffer(DOCUMENT, baseUri, { maxResponseBytes });
      try {
        expect(await call("read")).toMatchObject({ isError: isTooLarge });
        const reading = offer.resources?.read("all://one", new AbortController().signal);
        if (isTooLarge) await expect(reading).rejects.toThrow("larger than 4999 bytes");
        else expect(await reading).toMatchObject([{ text: "x".repeat(5_000) }]);
      } finally {
        await runtime.close();
      }
    }
  } finally {
    api.close();
    api.closeAllConnections();
  }
});
