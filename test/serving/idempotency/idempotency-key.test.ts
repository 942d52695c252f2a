import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { idempotencyKeyOf } from "../../../src/serving/idempotency/idempotency-key.ts";
import { Refusal } from "../../../src/serving/refusal.ts";

let received: (request: IncomingMessage) => void = () => {};
const server = createServer((incoming, response) => {
  received(incoming);
  response.end();
});
beforeAll(() => new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise(resolve => server.close(resolve)));

async function keyOf(method: string, value: string | string[] | undefined): Promise<string | undefined> {
  const arrived = new Promise<IncomingMessage>(resolve => {
    received = resolve;
  });
  const { port } = server.address() as AddressInfo;
  const headers = value === undefined ? {} : { "Idempotency-Key": value };
  request({ host: "127.0.0.1", port, method, headers, agent: false }, response => response.resume()).end();
  return idempotencyKeyOf(await arrived);
}

const KEYS: readonly (readonly [method: string, value: string | string[] | undefined, key: string | undefined])[] = [
  ["POST", "8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"],
  ["POST", '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "8e03978e-40d5-43dd-bc93-6894a57f9324"],
  ["PATCH", '"a, b; \\"c\\" \\\\"', 'a, b; "c" \\'],
  ["DELETE", "order/17+a=", "order/17+a="],
  ["PUT", "k".repeat(255), "k".repeat(255)],
  ["POST", undefined, undefined],
  ["GET", "k", undefined],
  ["HEAD", "", undefined],
];
it.each(KEYS)("idempotencyKeyOf() of %s with %j is %j", async (method, value, key) => {
  expect(await keyOf(method, value)).toBe(key);
});

const MALFORMED: readonly (string | string[])[] = [
  "",
  '""',
  '"open',
  'a"b',
  "two words",
  "a, b",
  ["a", "b"],
  '"a";q=1',
  '"tab\\t"',
  "é",
  "k".repeat(256),
];
it.each(MALFORMED)("idempotencyKeyOf() refuses %j", async value => {
  const refusal = await keyOf("POST", value).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Refusal);
  expect((refusal as Refusal).status).toBe(400);
});
