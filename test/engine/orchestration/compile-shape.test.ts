import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseExact, stringify } from "../../../src/base/numbers/exact-json.ts";
import { compileOutputs } from "../../../src/engine/orchestration/compile-shape.ts";
import { parseJsonPath } from "../../../src/language/expression/json-path.ts";
import type { Shape } from "../../../src/language/model/exposed/types.ts";

interface Case {
  readonly name: string;
  /** `outputParameters`, as YAML. */
  readonly outputs: string;
  /** JSON. */
  readonly body: string;
  /** Named outputs of the operation, as JSON. */
  readonly named?: string;
  readonly isXml?: boolean;
  /** JSON. */
  readonly expected: string;
}

const cases: readonly Case[] = [
  {
    name: "an object without properties is as it is",
    outputs: "[ { type: object, mapping: $. } ]",
    body: '{"a":[1,{"b":null}]}',
    expected: '{"a":[1,{"b":null}]}',
  },
  {
    name: "a body of any type is as it is",
    outputs: "[ { type: object, mapping: $. } ]",
    body: "[1,2]",
    expected: "[1,2]",
  },
  {
    name: "nested objects, with and without paths of their own",
    outputs: `[ { type: object, properties: {
      id: { type: string, mapping: $.no },
      spec: { type: object, properties: { year: { type: number, mapping: $.y } } },
      ship: { type: object, mapping: $.shipping, properties: { city: { type: string, mapping: $.addr.city }, all: { type: object } } } } } ]`,
    body: '{"no":7,"y":"2015","shipping":{"addr":{"city":"Oslo"}}}',
    expected: '{"id":"7","spec":{"year":2015},"ship":{"city":"Oslo","all":{"addr":{"city":"Oslo"}}}}',
  },
  {
    name: "missing values are null, and so is a missing object",
    outputs: `[ { type: object, properties: {
      id: { type: string, mapping: $.no },
      in: { type: object, properties: { x: { type: string, mapping: $.x } } },
      ship: { type: object, mapping: $.shipping, properties: { city: { type: string, mapping: $.city } } } } } ]`,
    body: "{}",
    expected: '{"id":null,"in":{"x":null},"ship":null}',
  },
  {
    name: "a list of objects",
    outputs:
      "[ { type: array, mapping: $.v, items: { type: object, properties: { n: { type: string, mapping: $.name } } } } ]",
    body: '{"v":[{"name":"a"},{"name":2},{},null]}',
    expected: '[{"n":"a"},{"n":"2"},{"n":null},{"n":null}]',
  },
  {
    name: "what is no list is null",
    outputs: "[ { type: array, mapping: $.v, items: { type: string } } ]",
    body: '{"v":{"name":"a"}}',
    expected: "null",
  },
  {
    name: "a single value of XML is a list of one",
    outputs:
      "[ { type: array, mapping: $.v, items: { type: object, properties: { n: { type: string, mapping: $.name } } } } ]",
    body: '{"v":{"name":"a"}}',
    isXml: true,
    expected: '[{"n":"a"}]',
  },
  {
    name: "a missing list of XML is null",
    outputs: "[ { type: array, mapping: $.v } ]",
    body: "{}",
    isXml: true,
    expected: "null",
  },
  {
    name: "items without a schema",
    outputs: "[ { type: array, mapping: $.v } ]",
    body: '{"v":[1,"a",null]}',
    expected: '[1,"a",null]',
  },
  {
    name: "items as a path of the element",
    outputs: '[ { type: array, mapping: $.v, items: { type: string, mapping: "$." } } ]',
    body: '{"v":[1,"a",{"x":1}]}',
    expected: '["1","a",{"x":1}]',
  },
  {
    name: "lists in objects of lists",
    outputs: `[ { type: array, mapping: $., items: { type: object, properties: {
      tags: { type: array, mapping: $.t, items: { type: object, properties: { l: { type: string, mapping: $.label } } } } } } } ]`,
    body: '[{"t":[{"label":"x"}]},{"t":[]},{}]',
    expected: '[{"tags":[{"l":"x"}]},{"tags":[]},{"tags":null}]',
  },
  {
    name: "paths of items from the root",
    outputs:
      '[ { type: array, mapping: "$[*]", items: { type: object, properties: { id: { type: string, mapping: "$[*].id" } } } } ]',
    body: '[{"id":"a"},{"id":"b"}]',
    expected: '[{"id":"a"},{"id":"b"}]',
  },
  {
    name: "paths of items from the root, behind a member",
    outputs:
      '[ { type: array, mapping: $.data, items: { type: object, properties: { id: { type: string, mapping: "$.data[*].id" }, of: { type: object, properties: { n: { type: string, mapping: "$.data[*].n" } } } } } } ]',
    body: '{"data":[{"id":"a","n":"x"}]}',
    expected: '[{"id":"a","of":{"n":"x"}}]',
  },
  {
    name: "scalars are converted where nothing is lost",
    outputs: `[
      { name: a, type: string, mapping: $.number }, { name: b, type: number, mapping: $.text },
      { name: c, type: boolean, mapping: $.true }, { name: d, type: number, mapping: $.word },
      { name: e, type: string, mapping: $.list }, { name: f, type: integer, mapping: $.text },
      { name: g, type: boolean, mapping: $.number }, { name: h, type: number, mapping: $.zero } ]`,
    body: '{"number":1.5,"text":"12","true":"true","word":"twelve","list":[1],"zero":"007"}',
    expected: '{"a":"1.5","b":12,"c":true,"d":"twelve","e":[1],"f":12,"g":1.5,"h":"007"}',
  },
  {
    name: "numbers keep their digits",
    outputs: `[ { name: a, type: number, mapping: $.a }, { name: b, type: number, mapping: $.b },
      { name: c, type: string, mapping: $.a }, { name: d, type: number, mapping: $.d } ]`,
    body: '{"a":12345678901234567890,"b":1.10,"d":"98765432109876543210"}',
    expected: '{"a":12345678901234567890,"b":1.10,"c":"12345678901234567890","d":98765432109876543210}',
  },
  {
    name: "the first of several that is not null",
    outputs: "[ { type: string, mapping: $.a }, { type: string, mapping: $.b }, { type: string, mapping: $.c } ]",
    body: '{"b":"x","c":"y"}',
    expected: '"x"',
  },
  {
    name: "nothing where none is there: the body is not shown",
    outputs:
      "[ { type: string, mapping: $.a }, { type: object, mapping: $.b, properties: { c: { type: string, mapping: $.c } } } ]",
    body: '{"secret":1}',
    expected: "null",
  },
  {
    name: "named outputs of the operation where the body has nothing",
    outputs:
      "[ { name: a, type: string, mapping: $.a }, { name: dbName, type: string, mapping: $.dbName }, { name: both, type: string, mapping: $.both } ]",
    body: '{"a":"x","data":{"name":"db"},"both":"body"}',
    named: '{"dbName":"db","both":"named"}',
    expected: '{"a":"x","dbName":"db","both":"body"}',
  },
  {
    name: "not below an element, or an object with a path",
    outputs:
      "[ { name: l, type: array, mapping: $.l, items: { type: string, mapping: $.n } }, { name: o, type: object, mapping: $.o, properties: { n: { type: string, mapping: $.n } } } ]",
    body: '{"l":[{}],"o":{}}',
    named: '{"n":"named"}',
    expected: '{"l":[null],"o":{"n":null}}',
  },
  {
    name: "members of an object, each by a shape",
    outputs: "[ { type: object, mapping: $.m, values: { type: string, mapping: $.n, maxLength: 2 } } ]",
    body: '{"m":{"a":{"n":"long"},"b":{"n":5},"__proto__":{"n":"x"}}}',
    expected: '{"a":"lo","b":"5","__proto__":"x"}',
  },
  {
    name: "texts are cut between characters",
    outputs:
      "[ { name: a, type: string, mapping: $.a, maxLength: 2 }, { name: b, type: string, mapping: $.b, maxLength: 2 } ]",
    body: '{"a":"x\u{1f600}y","b":"ab"}',
    expected: '{"a":"x","b":"ab"}',
  },
  {
    name: "constants beside paths",
    outputs:
      '[ { name: a, type: number, value: "5" }, { name: b, type: string, value: 5 }, { name: c, type: boolean, value: "no" } ]',
    body: "{}",
    expected: '{"a":5,"b":"5","c":"no"}',
  },
  {
    name: "names like those of prototypes",
    outputs:
      "[ { name: __proto__, type: string, mapping: $.a }, { name: constructor, type: string, mapping: $.constructor }, { name: c, type: string, mapping: \"$['__proto__']\" } ]",
    body: '{"a":"x"}',
    expected: '{"__proto__":"x","constructor":null,"c":null}',
  },
];

describe("compileOutputs()", () => {
  it.each(cases)("$name", ({ outputs, body, named, isXml = false, expected }) => {
    const shapes = (parse(outputs) as Written[]).map(shapeOf);
    const shape = compileOutputs(shapes, { numbers: "exact", wrapsSingle: isXml });
    const scope = { inputs: new Map(), binds: new Map() };
    const root = parseExact(body, "written");
    const found = shape({ root, named: named === undefined ? undefined : JSON.parse(named), scope });
    expect(stringify(found)).toBe(expected);
  });
});

interface Written {
  readonly name?: string;
  readonly type?: string;
  readonly mapping?: string;
  readonly value?: unknown;
  readonly properties?: Readonly<Record<string, Written>>;
  readonly items?: Written;
  readonly values?: Written;
  readonly maxLength?: number;
}

function shapeOf({ name, type = "any", mapping, value, properties, items, values, maxLength }: Written): Shape {
  const parsed = mapping === undefined ? undefined : parseJsonPath(mapping);
  return {
    name,
    type,
    source:
      value !== undefined
        ? { kind: "value", content: { kind: "constant", value } }
        : parsed?.ok
          ? { kind: "path", path: parsed.path }
          : undefined,
    properties: properties && new Map(Object.entries(properties).map(([key, member]) => [key, shapeOf(member)])),
    items: items && shapeOf(items),
    values: values && shapeOf(values),
    maxLength,
    pointer: "",
  };
}
