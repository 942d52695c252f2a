import { PassThrough } from "node:stream";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { describe, expect, it } from "vitest";
import { StdioTransport } from "../../../../src/surfaces/mcp/stdio/stdio-transport.ts";

/** A transport that answers each request with its parameters. */
function start({ isRead = true }: { readonly isRead?: boolean } = {}) {
  const input = new PassThrough();
  const lines: string[] = [];
  const received: JSONRPCMessage[] = [];
  const end = new AbortController();
  let read: () => void = () => {};
  const drained = new Promise<void>(resolve => {
    read = resolve;
  });
  const output = {
    write(line: string) {
      lines.push(line);
      return isRead;
    },
    written: () => (isRead ? Promise.resolve() : drained),
  };
  const transport = new StdioTransport({ input, output, signal: end.signal });
  transport.onmessage = message => {
    received.push(message);
    if ("method" in message && "id" in message && message.method === "echo")
      void transport.send({ jsonrpc: "2.0", id: message.id, result: message.params ?? {} });
  };
  void transport.start();
  return { input, lines, received, transport, end, read: () => read() };
}

/** Sends texts, ends the input, and returns what was written. */
async function answersTo(texts: readonly (string | Buffer)[], revision?: string): Promise<unknown[]> {
  const { input, lines, transport } = start();
  if (revision !== undefined) transport.setProtocolVersion(revision);
  for (const text of texts) input.write(text);
  input.end();
  await transport.closed;
  for (const line of lines) expect(line.indexOf("\n")).toBe(line.length - 1);
  return lines.map(line => JSON.parse(line) as unknown);
}

const refused = (code: number, message: unknown, id: unknown = null) => ({
  jsonrpc: "2.0",
  id,
  error: { code, message },
});
const invalid = (problem: string, id: unknown = null) => refused(-32600, `Invalid Request: ${problem}`, id);
const echo = (id: unknown, more: object = {}) => JSON.stringify({ jsonrpc: "2.0", id, method: "echo", ...more });
const answer = (id: unknown, result: object = {}) => ({ jsonrpc: "2.0", id, result });

const cases: readonly (readonly [name: string, texts: readonly (string | Buffer)[], answers: readonly unknown[]])[] = [
  ["a request", [`${echo(1)}\n`], [answer(1)]],
  ["a request in pieces", ['{"jsonrpc":"2.0","id":"a",', '"method":"echo"}', "\n"], [answer("a")]],
  ["a request without an end of line", [echo(1)], [answer(1)]],
  ["ids of all kinds", [0, -5, "", "x", 1.0].map(id => `${echo(id)}\n`), [0, -5, "", "x", 1].map(id => answer(id))],
  ["a notification", ['{"jsonrpc":"2.0","method":"notifications/x"}\n'], []],
  ["an answer", ['{"jsonrpc":"2.0","id":1,"result":{}}\n'], []],
  ["an error", ['{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"No"}}\n'], []],
  ["text that is not JSON", ["hello\n"], [refused(-32700, expect.stringMatching(/^Parse error: unexpected "h" /))]],
  ["JSON that ends", ['{"jsonrpc":\n'], [refused(-32700, expect.stringMatching(/^Parse error: the text ends/))]],
  ["JSON that nests", [`${"[".repeat(5_000)}\n`], [refused(-32700, expect.stringMatching(/^Parse error: it nests/))]],
  [
    "no UTF-8",
    [Buffer.from('"\xff"\n', "latin1")],
    [refused(-32700, expect.stringMatching(/^Parse error: it is not UTF-8/))],
  ],
  ["no jsonrpc", ['{"id":1,"method":"echo"}\n'], [invalid('member "jsonrpc" is "2.0"', 1)]],
  ["another jsonrpc", [`${echo("a", { jsonrpc: "1.0" })}\n`], [invalid('member "jsonrpc" is "2.0"', "a")]],
  ["jsonrpc as a number", [`${echo(1, { jsonrpc: 2 })}\n`], [invalid('member "jsonrpc" is "2.0"', 1)]],
  ["an id that is no id", [`${echo(null)}\n`], [invalid('member "id" is a string or an integer')]],
  ["an id with a fraction", [`${echo(1.5)}\n`], [invalid('member "id" is a string or an integer')]],
  [
    "an id beyond a double",
    ['{"jsonrpc":"2.0","id":12345678901234567890,"method":"echo"}\n'],
    [invalid('member "id" is a string or an integer')],
  ],
  ["a method that is no text", [`${echo(1, { method: 5 })}\n`], [invalid('member "method" is a string', 1)]],
  ["parameters that are a list", [`${echo(1, { params: [] })}\n`], [invalid('member "params" is an object', 1)]],
  [
    "_meta that is a text",
    [`${echo(1, { params: { _meta: "x" } })}\n`],
    [invalid('member "_meta" of the params is an object', 1)],
  ],
  [
    "a token that is a list",
    [`${echo(1, { params: { _meta: { progressToken: [] } } })}\n`],
    [invalid('member "progressToken" of "_meta" is a string or an integer', 1)],
  ],
  ["an unknown member", [`${echo(1, { extra: 1 })}\n`], [invalid('member "extra" is not known', 1)]],
  ["a scalar", ["5\n"], [invalid("a message is an object")]],
  ["no method", ['{"jsonrpc":"2.0","id":1}\n'], [invalid('member "method" is missing', 1)]],
  ["a message after a bad one", ["}\n", `${echo(1)}\n`], [refused(-32700, expect.anything()), answer(1)]],
  [
    "10 MB, and a message after them",
    [`{"jsonrpc":"2.0","id":1,"a":"${"x".repeat(10_000_000)}"}\n`, `${echo(2)}\n`],
    [invalid("a message has at most 4 MiB"), answer(2)],
  ],
  ["a batch", [`[${echo(1)}]\n`], [invalid("only revision 2025-03-26 has batches")]],
];

const batches: readonly (readonly [name: string, texts: readonly (string | Buffer)[], answers: readonly unknown[]])[] =
  [
    ["requests", [`[${echo(1)},${echo(2)}]\n`], [[answer(1), answer(2)]]],
    ["notifications alone", ['[{"jsonrpc":"2.0","method":"notifications/x"}]\n'], []],
    ["bad members", [`[1,${echo(1)}]\n`], [[invalid("a message is an object"), answer(1)]]],
    ["bad members alone", ["[1]\n"], [[invalid("a message is an object")]]],
    ["nothing", ["[]\n"], [invalid("a batch has at least one message")]],
    [
      "a request that is cancelled",
      [
        '[{"jsonrpc":"2.0","id":1,"method":"slow"},{"jsonrpc":"2.0","id":2,"method":"echo"}]\n',
        '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\n',
      ],
      [[answer(2)]],
    ],
  ];

describe("StdioTransport", () => {
  it.each(cases)("answers %s", async (_, texts, expected) => {
    expect(await answersTo(texts)).toEqual(expected);
  });

  it.each(batches)("answers a batch of %s in revision 2025-03-26", async (_, texts, expected) => {
    expect(await answersTo(texts, "2025-03-26")).toEqual(expected);
  });

  it("keeps the digits of numbers", async () => {
    const { input, lines, transport } = start();
    input.end('{"jsonrpc":"2.0","id":1,"method":"echo","params":{"a":12345678901234567890,"b":1e400}}\n');
    await transport.closed;
    expect(lines).toEqual(['{"jsonrpc":"2.0","id":1,"result":{"a":12345678901234567890,"b":1e400}}\n']);
  });

  it("reads little of a client that does not read", async () => {
    const { input, lines, received, transport, read } = start({ isRead: false });
    const line = `${echo(1, { params: { text: "x".repeat(100_000) } })}\n`;
    let accepted = 0;
    for (; accepted < 1_000; accepted++) {
      if (input.write(line)) continue;
      await new Promise(resolve => setTimeout(resolve, 5));
      if (input.writableNeedDrain) break;
    }
    expect(accepted * line.length).toBeLessThan(6_000_000);
    expect(received).toHaveLength(1);
    await transport.send({
      jsonrpc: "2.0",
      method: "notifications/progress",
      params: { progressToken: 1, progress: 1 },
    });
    expect(lines).toHaveLength(1);
    read();
    await new Promise(resolve => setTimeout(resolve, 5));
    expect(received.length).toBeGreaterThan(1);
    input.destroy();
  });

  it("ends with the input although nobody reads", async () => {
    const { input, transport } = start({ isRead: false });
    input.end(`${echo(1)}\n${echo(2)}\n`);
    await transport.closed;
  });

  it("ends when it is told to", async () => {
    const { transport, end } = start();
    end.abort();
    await transport.closed;
  });

  it("ends when nothing can be written any more", async () => {
    const input = new PassThrough();
    const output = {
      write() {
        throw new Error("EPIPE");
      },
    };
    const transport = new StdioTransport({ input, output, signal: new AbortController().signal });
    void transport.start();
    input.write("x\n");
    await transport.closed;
  });
});
