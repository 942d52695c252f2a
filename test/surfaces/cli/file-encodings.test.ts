import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capabilityText } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

const ENCODINGS: Readonly<Record<string, (text: string) => Uint8Array>> = {
  marked: text => Buffer.from(`\ufeff${text}`),
  le: text => Buffer.from(`\ufeff${text}`, "utf16le"),
  be: text => Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
};

let upstream: Upstream;
let folder: string;

beforeAll(async () => {
  upstream = await startUpstream();
  const capability = capabilityText({
    namespace: "shop",
    baseUri: upstream.url,
    binds: { SHOP_NAME: "SHOP_NAME" },
    operations: [
      {
        name: "put",
        method: "POST",
        path: "/items",
        inputParameters: [
          { name: "body", in: "body", type: "object" },
          { name: "q", in: "query" },
          { name: "X-Name", in: "header", value: "{{SHOP_NAME}}" },
        ],
      },
    ],
  });
  const files = Object.entries(ENCODINGS).flatMap(([name, encode]): [string, Uint8Array][] => [
    [`${name}/shop.yaml`, encode(capability)],
    [`${name}/naftiko.config.yaml`, encode('capabilities:\n  shop:\n    headers: { X-Config: "b" }\n')],
    [`${name}/.env`, encode('SHOP_NAME="first"\nOTHER=x\n')],
    [`${name}/body.json`, encode('{"a":"é"}')],
    [`${name}/q.txt`, encode("é\n")],
    [`${name}/inputs.json`, encode('{"q":"1","body":{"b":"é"}}')],
  ]);
  folder = await temporaryFolder(Object.fromEntries(files));
});

afterAll(() => upstream.close());

describe.each(Object.keys(ENCODINGS))("run reads files with a byte order mark: %s", name => {
  const run = async (args: readonly string[], stdin?: Uint8Array) => {
    const options = { cwd: path.join(folder, name), ...(stdin === undefined ? {} : { stdin }) };
    const { code, stderr } = await runCommand(["run", "./shop.yaml", "put", ...args], options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining("error") });
    return upstream.requests.at(-1);
  };

  it("capability, configuration, .env, body and value", async () => {
    expect(await run(["--body", "@body.json", "-i", "q=@q.txt"])).toMatchObject({
      url: "/items?q=%C3%A9",
      body: '{"a":"é"}',
      headers: { "x-name": "first", "x-config": "b" },
    });
  });

  it("inputs", async () => {
    expect(await run(["--inputs", "@inputs.json"])).toMatchObject({ url: "/items?q=1", body: '{"b":"é"}' });
  });

  it("standard input", async () => {
    const encode = ENCODINGS[name] ?? Buffer.from;
    expect(await run(["--body", "-"], encode('{"c":"é"}'))).toMatchObject({ body: '{"c":"é"}' });
  });
});

it("run names the reason for UTF-16 without a mark", async () => {
  const options = { cwd: path.join(folder, "marked"), stdin: Buffer.from('{"a":1}', "utf16le") };
  const { code, stderr } = await runCommand(["run", "./shop.yaml", "put", "--body", "-"], options);
  expect(code).toBe(2);
  expect(stderr).toContain("cannot be read from standard input: it is not UTF-8 text, but probably UTF-16");
});
