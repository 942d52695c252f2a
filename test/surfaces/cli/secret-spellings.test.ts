import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CallEvent, CapabilityError, openCapability, type Transport } from "../../../src/index.ts";
import { capabilityText, input } from "../../support/capability-text.ts";
import { revealed } from "../../support/reveals.ts";
import { runMain } from "../../support/run-main.ts";
import { lineSpellings, type Spelling, spellings } from "../../support/spellings.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

// Each spelling of a secret in each place that prints or throws: an API repeats the secret so, wherever it can.

const KEY = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

const CASES: readonly (readonly [secret: string, spelling: Spelling])[] = [
  ...spellings.map(spelling => ['5ecret+key/"<é>\\of=the&caller', spelling] as const),
  ...lineSpellings.map(spelling => [KEY, spelling] as const),
];

let upstream: Upstream;
let folder: string;
/** Text that the API repeats. */
let told = "";

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    const header = /^[\x20-\x7e\xa0-\xff]*$/.test(told) ? told : encodeURIComponent(told);
    response.setHeader("x-told", header);
    response.setHeader("x-told-twice", [header, header]);
    const isText = request.url.includes("text");
    response.setHeader("content-type", isText ? "text/html" : "application/json");
    const body = isText ? `<p title="${told}">${told}</p>` : JSON.stringify({ told, list: [told] });
    if (request.url.includes("refused")) response.writeHead(422, header).end(body);
    else if (request.url.includes("bytes")) response.end(Buffer.concat([Buffer.from([0xff, 0]), Buffer.from(body)]));
    else response.end(body);
  });
  const names = ["ok", "refused", "refused-text", "bytes"];
  folder = await temporaryFolder({
    "api.yaml": capabilityText({
      baseUri: upstream.url,
      binds: { SECRET: "SECRET" },
      operations: names.map(name => ({
        name,
        method: "POST",
        path: `/${name}`,
        inputParameters: [input("given", "body")],
        body: { type: "json", data: { key: "{{SECRET}}", given: "{{given}}" } },
        ...(name === "bytes" ? { outputRawFormat: "binary" } : {}),
      })),
    }),
  });
});
afterAll(() => upstream.close());

describe.each(CASES)("a secret that an API repeats (%#)", (secret, { name, write }) => {
  it(`${name} is in nothing that the command writes for people or keeps`, async () => {
    told = write(secret);
    expect(revealed(told, secret)).toBeDefined();
    const options = { cwd: folder, env: { SECRET: secret } };
    const printed: string[] = [];
    for (const operation of ["refused", "refused-text", "bytes"]) {
      const kept = ["--trace-har", "call.har", "--record", "calls.json"];
      const { stderr } = await runMain(["run", "./api.yaml", operation, "--verbose", ...kept], options);
      printed.push(stderr);
      for (const file of ["call.har", "calls.json"]) printed.push(await readFile(path.join(folder, file), "utf8"));
    }
    for (const more of [["--output", "table"], ["--dry-run"], ["--dry-run=curl"]]) {
      const args = ["run", "./api.yaml", "ok", `--given=${told}`, ...more];
      const { code, stdout, stderr } = await runMain(args, options);
      expect(code).toBe(0);
      printed.push(stdout, stderr);
    }
    const json = await runMain(["run", "./api.yaml", "refused", "--output", "json"], options);
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: "HTTP_STATUS" } });
    printed.push(json.stderr);
    for (const text of printed) expect(revealed(text, secret), text).toBeUndefined();
  });

  it(`${name} is in nothing that the library throws or tells`, async () => {
    told = write(secret);
    const events: CallEvent[] = [];
    const failing: Transport = async () => {
      const cause = new TypeError(told, { cause: new AggregateError([new Error(told)], told) });
      throw new CapabilityError("NETWORK", {
        message: `failed: ${told}`,
        details: { reason: told, url: `http://h.test/?k=${told}` },
        cause: Object.assign(cause, { code: "EPROTO", told: { [told]: [told] } }),
      });
    };
    for (const transport of [undefined, failing]) {
      await using capability = await openCapability(path.join(folder, "api.yaml"), {
        env: { SECRET: secret },
        retries: 0,
        onEvent: event => events.push(event),
        ...(transport === undefined ? {} : { transport }),
      });
      const error: unknown = await capability.run("refused").catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "CapabilityError" });
      const { message, stack = "" } = error as Error;
      for (const text of [message, stack, JSON.stringify(error), inspect(error, { depth: 9 }), String(error)])
        expect(revealed(text, secret), text).toBeUndefined();
    }
    const texts = events.map(event => JSON.stringify({ ...event, ...bodyOf(event) }));
    expect(texts.length).toBeGreaterThan(4);
    for (const text of texts) expect(revealed(text, secret), text).toBeUndefined();
  });
});

function bodyOf(event: CallEvent): object {
  return "body" in event ? { body: Buffer.from(event.body ?? "").toString("utf8") } : {};
}
