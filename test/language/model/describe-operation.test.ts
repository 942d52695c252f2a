import { expect, it } from "vitest";
import { openText, operationText } from "../../support/open-text.ts";

const inputs: readonly (readonly [parameter: string, description: object])[] = [
  ["name: a, in: query", { type: "any", required: false }],
  [
    "name: a, in: query, type: integer, required: true, default: 5",
    { type: "integer", required: false, default: 5, schema: { type: "integer", default: 5 } },
  ],
  [
    "name: a, in: query, enum: [x, y]",
    { type: "string", required: false, schema: { type: "string", enum: ["x", "y"] } },
  ],
  [
    "name: a, in: query, minimum: 0, exclusiveMinimum: true",
    { type: "number", required: false, schema: { type: "number", exclusiveMinimum: 0 } },
  ],
  [
    "name: a, in: query, type: array, enum: [x]",
    { type: "array", required: false, schema: { type: "array", items: { enum: ["x"] } } },
  ],
  [
    "name: a, in: query, x-schema: { type: [string, 'null'] }",
    { type: "string", required: false, schema: { type: ["string", "null"] } },
  ],
  [
    "name: a, in: query, maxLength: 3, x-schema: { pattern: b }",
    { type: "any", required: false, schema: { allOf: [{ maxLength: 3 }, { pattern: "b" }] } },
  ],
];

it.each(inputs)("describes %s", async (parameter, description) => {
  const capability = await openText(operationText(`inputParameters: [{ ${parameter} }]`));
  const [operation] = [...capability.operations.values()];
  expect(operation?.inputs).toEqual([{ name: "a", in: "query", ...description }]);
});

it("describes schemas with those of the adapter that they refer to", async () => {
  const capability = await openText(`
- type: http
  namespace: api
  baseUri: https://api.test
  resources:
  - name: r
    path: /
    operations:
    - name: op
      method: POST
      inputParameters: [{ name: body, in: body, type: object, x-schema: { $ref: "#/$defs/Node" } }]
      x-schema: { type: array, items: { $ref: "#/$defs/Node" } }
  x-schemas:
    Node: { type: object, properties: { next: { $ref: "#/$defs/Node" } } }
    Other: { type: string }
`);
  const $defs = { Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" } } } };
  const operation = capability.operation("op");
  expect(operation.inputs[0]?.schema).toEqual({ type: "object", $ref: "#/$defs/Node", $defs });
  expect(operation.answerSchema).toEqual({ type: "array", items: { $ref: "#/$defs/Node" }, $defs });
});
