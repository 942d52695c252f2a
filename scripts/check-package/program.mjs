// A program with the library: it runs as it is, and bundled. It calls a server of its own with every large part of the
// library.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CapabilityError,
  createMemoryTransport,
  createResponseCache,
  isCapabilityError,
  openCapability,
} from "naftiko";

const items = Array.from({ length: 60_000 }, (_, id) => `<li><b>${id}</b></li>`).join("");
/** What the server answers, and what comes out of it. */
const formats = [
  { format: "json", answer: '{"id":"a","n":[1,2]}', outputs: { id: "a", n: [1, 2] } },
  { format: "xml", answer: "<a><b>1</b></a>", value: "$.b", outputs: { value: "1" } },
  { format: "csv", answer: "id,name\n1,ann\n", value: "$[0].name", outputs: { value: "ann" } },
  { format: "yaml", answer: "a: [x, y]\n", value: "$.a[1]", outputs: { value: "y" } },
  { format: "html", answer: "<table><tr><th>a</th></tr><tr><td>1</td></tr></table>" },
  { format: "markdown", answer: "# A\n\ntext\n" },
  { format: "avro", answer: Buffer.from([0x36]), schema: "one.avsc", outputs: { a: 27 } },
  { format: "protobuf", answer: Buffer.from([0x08, 0x1b]), schema: "one.proto", outputs: { a: 27 } },
  // Larger than what is decoded without a thread.
  {
    name: "large-xml",
    format: "xml",
    answer: `<ul>${items}</ul>`,
    value: "$.li[59999].b",
    outputs: { value: "59999" },
  },
  { name: "large-html", format: "html", answer: "<table><tr><td>1</td></tr></table>".repeat(3_000) },
  { name: "large-markdown", format: "markdown", answer: "# A\n\ntext\n".repeat(3_000) },
  { name: "large-yaml", format: "yaml", answer: "- a\n".repeat(30_000), value: "$[29999]", outputs: { value: "a" } },
  {
    name: "large-csv",
    format: "csv",
    answer: `id\n${"ann\n".repeat(90_000)}`,
    value: "$[9].id",
    outputs: { value: "ann" },
  },
];
const operations = formats.map(({ name, format, schema, value }) => ({
  name: name ?? format,
  method: "GET",
  outputRawFormat: format,
  ...(schema === undefined ? {} : { outputSchema: schema }),
  ...(value === undefined ? {} : { outputParameters: [{ name: "value", type: "string", value }] }),
}));

// CommonJS cannot await outside a function.
main().catch(error => {
  console.error(error);
  process.exit(1);
});

async function main() {
  const folder = mkdtempSync(path.join(tmpdir(), "naftiko-program-"));
  writeFileSync(path.join(folder, "one.avsc"), '{"type":"record","name":"t","fields":[{"name":"a","type":"long"}]}');
  writeFileSync(path.join(folder, "one.proto"), 'syntax = "proto3"; message T { int32 a = 1; }');

  const answers = new Map(formats.map(({ name, format, answer }) => [`/${name ?? format}`, answer]));
  const server = createServer((request, response) => {
    if (request.url === "/refused") response.writeHead(404).end('{"why":"gone"}');
    else if (request.url === "/signed") response.end(JSON.stringify(request.headers.authorization));
    else response.end(answers.get(request.url));
  });
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
  const baseUri = `http://127.0.0.1:${server.address().port}`;

  writeFileSync(
    path.join(folder, "api.yaml"),
    JSON.stringify({
      naftiko: "1.0.0-alpha2",
      capability: {
        consumes: [
          {
            type: "http",
            namespace: "api",
            baseUri,
            resources: operations
              .concat({ name: "refused", method: "GET" })
              .map(operation => ({ name: operation.name, path: `/${operation.name}`, operations: [operation] })),
          },
          {
            type: "http",
            namespace: "store",
            baseUri,
            authentication: {
              type: "aws-sigv4",
              accessKeyId: "AKIDEXAMPLE",
              secretAccessKey: "example",
              region: "eu-west-1",
              service: "s3",
            },
            resources: [{ name: "signed", path: "/signed", operations: [{ name: "signed", method: "GET" }] }],
          },
        ],
      },
    }),
  );
  const api = await openCapability(path.join(folder, "api.yaml"), { env: {}, allowInsecureAuthentication: true });
  for (const { name, format, outputs } of formats) {
    const answer = await api.run(name ?? format);
    assert.equal(answer.status, 200, name ?? format);
    if (outputs !== undefined) assert.deepEqual(answer.outputs, outputs, name ?? format);
  }
  assert.match((await api.run("signed")).outputs, /^AWS4-HMAC-SHA256 /);
  const error = await api.run("refused").catch(error => error);
  assert.ok(error instanceof CapabilityError && isCapabilityError(error, "HTTP_STATUS"));
  assert.equal(JSON.parse(JSON.stringify(error)).code, "HTTP_STATUS");
  const unknown = await openCapability("no-such-capability").catch(error => error);
  assert.equal(unknown.code, "CAPABILITY_NOT_FOUND");
  await api.close();

  const transport = createMemoryTransport(() => ({ body: new TextEncoder().encode("{}") }));
  const kept = await openCapability(path.join(folder, "api.yaml"), {
    env: {},
    transport,
    cache: createResponseCache(),
  });
  assert.deepEqual((await kept.run("json")).outputs, {});
  await kept.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
  console.log("all called");
}
