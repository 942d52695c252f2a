import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { HostedCapability } from "../../src/serving/hosted-capability.ts";
import { consultHosted, useHosted } from "../../src/serving/use-hosted.ts";

test.each([
  { what: "useHosted", isOpen: true },
  { what: "consultHosted", isOpen: false },
])("with $what, an answer that is not complete keeps the older state open: $isOpen", async ({ what, isOpen }) => {
  const closed: number[] = [];
  let states = 0;
  const opener = () => async () => {
    const state = states++;
    return { close: async () => void closed.push(state) };
  };
  const hosted = new HostedCapability("shop", "/shop.yaml", opener, () => {});
  const server = createServer((_, raw) => {
    const begin = () => void raw.write("begun");
    void (what === "useHosted" ? useHosted(hosted, { raw }, begin) : consultHosted(hosted, begin));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const sent = request({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" }).end();
  const [answer] = await once(sent, "response");
  await once(answer, "data");

  await hosted.reload();
  expect(closed).toEqual(isOpen ? [] : [0]);
  sent.destroy();
  await once(server.close(), "close");
  await expect.poll(() => closed).toEqual([0]);
});
