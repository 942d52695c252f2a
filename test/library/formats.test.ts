import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openCapability } from "../../src/library/open-capability.ts";
import { createMemoryTransport } from "../../src/net/memory.ts";
import { capabilityText } from "../support/capability-text.ts";
import { documentOf, openText, operationText } from "../support/open-text.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const SCHEMA = JSON.stringify({ type: "record", name: "test", fields: [{ name: "a", type: "long" }] });

const text = capabilityText({
  operations: [
    {
      name: "datum",
      method: "GET",
      path: "/datum",
      outputRawFormat: "avro",
      outputSchema: "schemas/test.avsc",
    },
    { name: "bytes", method: "GET", path: "/bytes", outputRawFormat: "binary" },
  ],
});

const options = { env: {}, transport: createMemoryTransport(() => ({ body: Buffer.from([0x36]) })) };

describe("run() by a schema file", () => {
  it("reads it once", async () => {
    const folder = await temporaryFolder({ "api.yaml": text, "schemas/test.avsc": SCHEMA });
    const api = await openCapability(path.join(folder, "api.yaml"), options);
    expect((await api.run("datum")).outputs).toEqual({ a: 27 });
    await rm(path.join(folder, "schemas"), { recursive: true });
    expect((await api.run("datum")).outputs).toEqual({ a: 27 });
  });

  it("says where the file names it while it is not there, and reads it when it is", async () => {
    const folder = await temporaryFolder({ "api.yaml": text, "schemas/other": "" });
    const api = await openCapability(path.join(folder, "api.yaml"), options);
    await expect(api.run("datum")).rejects.toMatchObject({
      code: "CAPABILITY_INVALID",
      message: expect.stringContaining(
        'Cannot use the outputSchema "schemas/test.avsc" of operation "datum": there is no file',
      ),
      source: { file: path.join(folder, "api.yaml"), line: expect.any(Number) },
    });
    expect((await api.prepare("datum")).headers).toMatchObject({
      accept: "avro/binary, application/octet-stream",
    });
    await writeFile(path.join(folder, "schemas/test.avsc"), SCHEMA);
    expect((await api.run("datum")).outputs).toEqual({ a: 27 });
  });

  it("looks for it beside the file that an adapter is imported from", async () => {
    const folder = await temporaryFolder({
      "own.yaml": "naftiko: 1.0.0-alpha3\ncapability:\n  consumes: [ { import: api, location: shared/api.yaml } ]\n",
      "shared/api.yaml": text,
      "shared/schemas/test.avsc": SCHEMA,
    });
    const api = await openCapability(path.join(folder, "own.yaml"), options);
    expect((await api.run("datum")).outputs).toEqual({ a: 27 });
  });

  it("needs a file to start from", async () => {
    const api = await openCapability(documentOf(text), options);
    await expect(api.run("datum")).rejects.toMatchObject({
      code: "CAPABILITY_INVALID",
      message: expect.stringContaining("a document that was given as an object has no folder"),
    });
  });
});

describe("run() without a schema", () => {
  it.each(["", " "])("says that the format needs one: %j", async schema => {
    const text = operationText(`outputRawFormat: avro\noutputSchema: ${JSON.stringify(schema)}`);
    await using capability = await openText(text, { transport: createMemoryTransport(() => ({})) });
    await expect(capability.run("op")).rejects.toMatchObject({
      code: "CAPABILITY_INVALID",
      message: expect.stringContaining("it needs an outputSchema"),
    });
  });
});

describe("run() of a binary operation", () => {
  it("gives the bytes", async () => {
    const api = await openCapability(documentOf(text), options);
    const { outputs, body } = await api.run("bytes");
    expect(outputs).toBeInstanceOf(Uint8Array);
    expect([...(body as Uint8Array)]).toEqual([0x36]);
  });
});
