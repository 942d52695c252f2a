import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { SecretMask } from "../../../../src/base/mask-secrets.ts";
import { openRuntime } from "../../../../src/engine/open.ts";
import { listUnits } from "../../../../src/language/model/exposed/find-unit.ts";

// A document with every part of units, each of which is replaced by values that it cannot have: such a file is refused, or
// compiled, and nothing else happens.

const whole = parse(`
naftiko: 1.0.0-alpha3
capability:
  consumes:
  - type: http
    namespace: shop
    baseUri: https://api.test
    resources:
    - { name: item, path: "/items/{id}", operations: [{ name: get, method: GET, inputParameters: [{ name: q, in: query }] }] }
  aggregates:
  - namespace: totals
    functions:
    - { name: one, inputParameters: [{ name: id, type: string }], call: shop.get, with: { id: id } }
  exposes:
  - type: rest
    namespace: api
    port: 8080
    authentication: { type: bearer, token: secret }
    resources:
    - path: /items/{id}
      operations:
      - method: GET
        inputParameters: [{ name: id, in: path, pattern: "^[0-9]+$" }, { name: b, in: body, value: $.b }]
        steps:
        - { type: call, name: a, call: shop.get, with: { q: "{{b}}" }, x-forEach: { items: [1], as: i }, x-if: $.b == 1, x-retry: 2, x-timeout: 5s }
        - { type: lookup, name: l, index: a, match: id, lookupValue: $.a.id, outputParameters: [name] }
        - { type: script, name: s, language: javascript, location: "file:///srv", file: a.js, dependencies: [b.js] }
        mappings: [{ targetName: x.y, value: $.l.name }]
    - { path: "/all/{path}", forward: { targetNamespace: shop, trustedHeaders: [X-Id] } }
  - type: mcp
    namespace: tools
    port: 3001
    tools:
    - { ref: totals.one, hints: { readOnly: true } }
    - name: t
      call: shop.get
      with: { id: tools.id, q: { c: ["{{d}}"] } }
      outputParameters: [{ type: object, properties: { a: { type: array, mapping: $.a, items: [{ name: b, value: "{{id}}" }] } } }]
`) as object;

const VALUES: readonly unknown[] = [undefined, null, {}, "{{#a}}", "$.a[", "__proto__"];

type Container = Record<string, unknown>;

function* placesIn(value: unknown, place: readonly string[]): Generator<readonly string[]> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    yield [...place, name];
    yield* placesIn(member, [...place, name]);
  }
}

/** Returns what becomes of the document with a value in a place. */
async function outcomeOf(place: readonly string[], value: unknown): Promise<string> {
  const document = structuredClone(whole);
  let owner = document as Container;
  for (const name of place.slice(0, -1)) owner = owner[name] as Container;
  const last = place.at(-1) ?? "";
  if (value === undefined) delete owner[last];
  else owner[last] = value;
  try {
    const runtime = await openRuntime(document, { env: {} }, { cwd: "/", secrets: new SecretMask() });
    for (const { unit } of listUnits(runtime.exposed)) void [unit.inputs, unit.work, unit.outputs];
    return "compiled";
  } catch (error) {
    return (error as { readonly code?: string }).code ?? String((error as Error).stack);
  }
}

describe("what is exposed", () => {
  it("is compiled as it stands", async () => {
    expect(await outcomeOf(["naftiko"], "1.0.0-alpha3")).toBe("compiled");
  });

  it.each(["aggregates", "exposes"])("is compiled or refused, whatever stands in %s", async section => {
    const places = placesIn((whole as { capability: Container }).capability[section], ["capability", section]);
    const outcomes = new Set<string>();
    for (const place of places) {
      for (const value of VALUES) {
        const outcome = await outcomeOf(place, value);
        if (outcome !== "compiled" && outcome !== "CAPABILITY_INVALID")
          expect.fail(`${place.join("/")} = ${JSON.stringify(value)}: ${outcome}`);
        outcomes.add(outcome);
      }
    }
    expect([...outcomes].sort()).toEqual(["CAPABILITY_INVALID", "compiled"]);
  });
});
