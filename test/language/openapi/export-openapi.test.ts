import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { stringify } from "../../../src/base/numbers/exact-json.ts";
import { exportOpenApi } from "../../../src/language/openapi/export-openapi.ts";
import type { SpecVersion } from "../../../src/language/openapi/exported-schemas.ts";
import { openTextRuntime } from "../../support/open-text.ts";
import { cases } from "./export-cases.ts";

async function exported(text: string, version: SpecVersion = "3.1") {
  const { model, document } = await openTextRuntime(text);
  return exportOpenApi(model, document.value as never, version, model.adapters);
}

describe("exportOpenApi()", () => {
  for (const { what, text, document, version, findings = [] } of cases) {
    it(`writes ${what}`, async () => {
      const found = await exported(text, version);
      expect(found.document).toMatchObject(parse(document) as object);
      expect(found.findings.map(({ message }) => message)).toEqual(findings);
    });
  }

  it("writes no value of a credential that the file holds itself", async () => {
    const secret = "s3cret-value-1234";
    const { document } = await exported(`
- type: http
  namespace: api
  baseUri: https://user:${secret}@api.test
  authentication: { type: bearer, token: ${secret} }
  inputParameters: [{ name: X-Api-Key, in: header, value: ${secret} }, { name: api_key, in: query, value: ${secret} }]
  resources: [{ name: a, path: "/a?token=${secret}", operations: [{ name: op, method: GET }] }]
`);
    expect(stringify(document)).not.toContain(secret);
  });

  /** Rules that ask for what a capability does not say, or that its API decides. */
  const EXPECTED = new Set(["info-license", "tag-description", "operation-4xx-response", "no-ambiguous-paths"]);

  it.each(["3.0", "3.1"] as const)(
    "writes documents of %s that a linter and the official schema accept",
    async version => {
      const config = await createConfig({ extends: ["recommended"] });
      const validator = new Validator();
      const found: unknown[] = [];
      for (const { what, text } of cases) {
        const { document } = await exported(text, version);
        const source = stringify(document) ?? "";
        const { valid, errors } = await validator.validate(JSON.parse(source) as Record<string, unknown>);
        if (!valid) found.push({ what, errors });
        for (const { ruleId, message, location } of await lintFromString({
          source,
          absoluteRef: "/openapi.json",
          config,
        }))
          if (!EXPECTED.has(ruleId)) found.push({ what, ruleId, message, at: location[0]?.pointer });
      }
      expect(found).toEqual([]);
    },
  );
});
