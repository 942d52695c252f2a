import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { stringify } from "../../../src/base/numbers/exact-json.ts";
import type { CapabilityDocument } from "../../../src/language/document/document-types.ts";
import type { ExposedModel, RestAdapter } from "../../../src/language/model/exposed/types.ts";
import { exportExposed } from "../../../src/language/openapi/export-exposed.ts";
import type { SpecVersion } from "../../../src/language/openapi/exported-schemas.ts";
import { openTextRuntime } from "../../support/open-text.ts";
import { exposedCases, exposedText } from "./exposed-cases.ts";

async function exported(text: string, version: SpecVersion = "3.1", server?: string) {
  const { model, document, exposed } = await openTextRuntime(text);
  return exportExposed(serverOf(exposed), { model, document: document.value as CapabilityDocument, version, server });
}

function serverOf({ adapters }: ExposedModel): RestAdapter {
  const server = adapters.find(adapter => adapter.type === "rest");
  if (server === undefined) throw new Error("No REST adapter");
  return server;
}

describe("exportExposed()", () => {
  for (const { what, document, version, ...parts } of exposedCases) {
    it(`writes ${what}`, async () => {
      expect(await exported(exposedText(parts), version)).toMatchObject(parse(document) as object);
    });
  }

  it("writes the address that it is served at", async () => {
    const [first] = exposedCases;
    expect(await exported(exposedText(first as never), "3.1", "/shipyard")).toMatchObject({
      servers: [{ url: "/shipyard" }],
    });
  });

  it("writes the same document each time, without values of credentials", async () => {
    const secret = "s3cret-value-1234";
    const text = exposedText({
      adapter: `authentication: { type: bearer, token: ${secret} }`,
      resources: "- { path: /a, operations: [{ method: GET, call: reg.list }] }",
    });
    const document = stringify(await exported(text));
    expect(document).not.toContain(secret);
    expect(stringify(await exported(text))).toBe(document);
  });

  /** Rules that ask for what a capability does not say, or for licences and server names of published APIs. */
  const EXPECTED = new Set(["info-license", "tag-description", "operation-4xx-response", "no-server-example.com"]);

  it.each(["3.0", "3.1"] as const)(
    "writes documents of %s that a linter and the official schema accept",
    async version => {
      const config = await createConfig({ extends: ["recommended"] });
      const validator = new Validator();
      const found: unknown[] = [];
      for (const { what, ...parts } of exposedCases) {
        const source = stringify(await exported(exposedText(parts), version)) ?? "";
        const { valid, errors } = await validator.validate(JSON.parse(source) as Record<string, unknown>);
        if (!valid) found.push({ what, errors });
        for (const { ruleId, message, location } of await lintFromString({ source, absoluteRef: "/a.json", config }))
          if (!EXPECTED.has(ruleId)) found.push({ what, ruleId, message, at: location[0]?.pointer });
      }
      expect(found).toEqual([]);
    },
  );
});

/** Published files, which come with the project and not with its repository. */
const CORPUS = path.resolve(import.meta.dirname, "../../../../shared/corpus");
/** Every so many of them is written. */
const STEP = 25;

function corpusFiles(): string[] {
  try {
    return readdirSync(CORPUS, { recursive: true })
      .map(String)
      .filter(name => /\.ya?ml$/.test(name))
      .sort()
      .filter((_, index) => index % STEP === 0);
  } catch {
    return [];
  }
}

const files = corpusFiles();

// Where it does not stand beside the project, nothing can be read.
it.skipIf(files.length === 0)("published files become documents that the official schema accepts", async () => {
  const validator = new Validator();
  const found: unknown[] = [];
  let count = 0;
  for (const file of files) {
    const text = readFileSync(path.join(CORPUS, file), "utf8");
    if (!/^ *- type: rest\b|type: "?rest"?$/m.test(text)) continue;
    count++;
    const document = await exported(text);
    const { valid, errors } = await validator.validate(
      JSON.parse(stringify(document) ?? "") as Record<string, unknown>,
    );
    if (!valid) found.push({ file, errors });
  }
  expect(found).toEqual([]);
  expect(count).toBeGreaterThan(5);
});
