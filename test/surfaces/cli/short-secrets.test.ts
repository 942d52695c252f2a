import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { capabilityText } from "../../support/capability-text.ts";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

// A value of three characters stands in many texts by chance: it is masked where the request holds it, and there only.

const PLACES = {
  "in the query of an API key": {
    authentication: { type: "apikey", key: "k", value: "{{PIN}}", placement: "query" },
  },
  "in the header of an API key": { authentication: { type: "apikey", key: "X-Pin", value: "{{PIN}}" } },
  "as a bearer token": { authentication: { type: "bearer", token: "{{PIN}}" } },
  "as a password": { authentication: { type: "basic", username: "u", password: "{{PIN}}" } },
  "in a query parameter": { inputParameters: [{ name: "pin", in: "query", value: "{{PIN}}" }] },
  "in a header": { inputParameters: [{ name: "X-Pin", in: "header", value: "{{PIN}}" }] },
  "in the path": { path: "/things/{{PIN}}/x" },
  "in the query of the path": { path: "/things?pin={{PIN}}&page=1" },
  "in a member of the body": { body: { type: "json", data: { pin: "{{PIN}}", name: "Ann" } } },
} as const;

let upstream: Upstream;
let folder: string;

beforeAll(async () => {
  upstream = await startUpstream((request, response) => answerJson(response, 422, { ...request, note: "zq7-free" }));
  const files = Object.values(PLACES).map((place, index) => {
    const { authentication, ...more } = { authentication: undefined, ...place };
    return [
      `${index}.yaml`,
      capabilityText({
        baseUri: upstream.url,
        binds: { PIN: "PIN" },
        operations: [{ name: "op", method: "POST", path: "/things", ...more }],
        ...(authentication === undefined ? { others: [] } : { authentication }),
      }),
    ];
  });
  folder = await temporaryFolder(Object.fromEntries(files));
});
afterAll(() => upstream.close());

it.each(Object.keys(PLACES).map((place, index) => ({ place, index })))(
  "a secret of three characters is masked $place",
  async ({ index }) => {
    const options = { cwd: folder, env: { PIN: "zq7" } };
    const args = ["run", `./${index}.yaml`, "op", "--no-implied-auth"];
    const kept = ["--trace-har", "call.har", "--record", "calls.json"];
    const texts = [(await runMain([...args, "--verbose", ...kept], options)).stderr];
    for (const file of ["call.har", "calls.json"]) texts.push(await readFile(path.join(folder, file), "utf8"));
    for (const text of texts) expect(text).toContain("zq7-free");
    texts.push((await runMain([...args, "--dry-run"], options)).stdout);
    for (const text of texts) expect(text.replaceAll("zq7-free", "")).not.toContain("zq7");
    expect(texts.join("\n")).toContain("***");
  },
);
