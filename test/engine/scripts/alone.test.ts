import { execFile } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const LIBRARY = pathToFileURL(path.resolve(import.meta.dirname, "../../../dist/index.js")).href;

const FILE = `naftiko: "1.0.0-alpha3"
capability:
  consumes:
    - { type: http, namespace: api, baseUri: "https://api.test", resources: [ { name: r, path: /r, operations: [ { name: op, method: GET } ] } ] }
  aggregates:
    - label: Sums
      namespace: sums
      functions:
        - name: double
          description: Doubles a number
          inputParameters: [ { name: n, type: integer, description: Number } ]
          steps: [ { type: script, name: double, language: javascript, location: "file:///./", file: double.js } ]
`;

test("a program that does nothing else waits for its scripts, and ends when they have ended", async () => {
  const program = `
import { openCapability } from ${JSON.stringify(LIBRARY)};
const capability = await openCapability("./sums.yaml");
const found = [];
for (let n = 0; n < 20; n++) found.push((await capability.run("sums.double", { n })).outputs);
console.log(JSON.stringify(found));
await capability.close();
`;
  const cwd = await temporaryFolder({
    "sums.yaml": FILE,
    "double.js": "result = 2 * context.n",
    "program.mjs": program,
  });
  const { stdout } = await promisify(execFile)(process.execPath, ["program.mjs"], { cwd });
  expect(JSON.parse(stdout)).toEqual(Array.from({ length: 20 }, (_, n) => 2 * n));
});
