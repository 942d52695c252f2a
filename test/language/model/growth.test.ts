import { describe, expect, it } from "vitest";
import { kinds } from "../../../src/engine/kinds.ts";
import { checkInputs } from "../../../src/engine/request/check-inputs.ts";
import { NO_CHECKS } from "../../../src/engine/request/input-checks.ts";
import { planRequest } from "../../../src/engine/request/plan-request.ts";
import type { CapabilityDocument, ConsumedInputParameter } from "../../../src/language/document/document-types.ts";
import { compile } from "../../../src/language/model/compile.ts";

type Parameter = { readonly name: string; readonly in: string; readonly value?: string };

interface Family {
  readonly what: string;
  readonly path?: (size: number) => string;
  readonly baseUri?: (size: number) => string;
  readonly parameters?: (size: number) => Parameter[];
}

function many<Item>(size: number, item: (index: number) => Item): Item[] {
  return Array.from({ length: size }, (_, index) => item(index));
}

const families: readonly Family[] = [
  { what: "inputs", parameters: size => many(size, index => ({ name: `i${index}`, in: "query" })) },
  {
    what: "inputs with colons",
    parameters: size => many(size, index => ({ name: `a:${index}`, in: "header" })),
  },
  {
    what: "inputs in two places",
    parameters: size => many(size, index => ({ name: `i${index >> 1}`, in: index % 2 === 0 ? "query" : "header" })),
  },
  {
    what: "placeholders that are declared",
    path: size => many(size, index => `/{p${index}}`).join(""),
    parameters: size => many(size, index => ({ name: `p${index}`, in: "path" })),
  },
  { what: "placeholders that nothing declares", path: size => many(size, index => `/{p${index}}`).join("") },
  {
    what: "placeholders of the base URI",
    baseUri: size => `https://a${many(size, index => `.{h${index}}`).join("")}.test`,
    parameters: size => many(size, index => ({ name: `h${index}`, in: "query" })),
  },
  {
    what: "templates that name inputs",
    parameters: size => [
      ...many(size, index => ({ name: `i${index}`, in: "query" })),
      ...many(size, index => ({ name: `t${index}`, in: "header", value: `a{{i${index}}}` })),
    ],
  },
  {
    what: "templates that name one another",
    parameters: size => many(size, index => ({ name: `t${index}`, in: "query", value: `a{{t${index + 1}}}` })),
  },
];

describe("compiling an operation", () => {
  it.each(families)("looks twice as often at names for twice the $what", ({ path, baseUri, parameters }) => {
    const [once, twice] = [300, 600].map(size => {
      let reads = 0;
      const watched = (parameters?.(size) ?? []).map(
        parameter =>
          new Proxy(parameter, {
            get: (target, name) => {
              if (name === "name") reads++;
              return Reflect.get(target, name);
            },
          }),
      ) as unknown as ConsumedInputParameter[];
      const document: CapabilityDocument = {
        naftiko: "1.0.0-alpha2",
        capability: {
          consumes: [
            {
              type: "http",
              namespace: "api",
              baseUri: baseUri?.(size) ?? "https://api.example.test",
              resources: [
                {
                  name: "r",
                  path: path?.(size) ?? "/a",
                  operations: [{ name: "get", method: "GET", inputParameters: watched }],
                },
              ],
            },
          ],
        },
      };
      const [operation] = compile("api", document, { kinds, impliedAuthentication: true }).operations;
      if (operation === undefined) throw new Error("No operation");
      planRequest(operation, "test", NO_CHECKS);
      const values = [...operation.inputs.keys()].map(key => [key, "v"] as const);
      expect(checkInputs(operation, Object.fromEntries(values), NO_CHECKS).size).toBe(values.length);
      return reads;
    }) as [number, number];
    expect(twice).toBeLessThan(2.5 * once + 100);
  });
});
