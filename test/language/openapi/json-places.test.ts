import { expect, it } from "vitest";
import { jsonPlaces } from "../../../src/language/openapi/json-places.ts";

const TEXT = `{
  "a": [1, {"b\\"}": "x]}\\\\", "c" : [ [], {} , "y" ]}],
  "d/e": null, "\\u0066": {"g": -1.5e3}
}`;

it.each([
  { path: [], found: "{\n" },
  { path: ["a"], found: "[1, {" },
  { path: ["a", "0"], found: "1, {" },
  { path: ["a", "1"], found: '{"b' },
  { path: ["a", "1", 'b"}'], found: '"x]}' },
  { path: ["a", "1", "c"], found: "[ [], " },
  { path: ["a", "1", "c", "1"], found: "{} , " },
  { path: ["a", "1", "c", "2"], found: '"y" ]' },
  { path: ["d/e"], found: "null," },
  { path: ["f", "g"], found: "-1.5e3" },
  { path: ["a", "7", "h"], found: "[1, {" },
  { path: ["none"], found: "{\n" },
])("finds $path", ({ path, found }) => {
  const [place] = jsonPlaces(TEXT, [path]);
  const { offset = 0, line, lineStart } = place ?? {};
  const before = TEXT.slice(0, offset);
  expect({ line, lineStart }).toEqual({ line: before.split("\n").length - 1, lineStart: before.lastIndexOf("\n") + 1 });
  expect(TEXT.slice(offset)).toMatch(new RegExp(`^${found.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`));
});

it("finds several at once", () => {
  expect(jsonPlaces('{"a":1,"b":[2,3]}', [["b", "1"], ["a"], ["b"]]).map(({ offset }) => offset)).toEqual([14, 5, 11]);
});

it("ends for a text that is cut short anywhere", () => {
  for (let length = 0; length < TEXT.length; length++)
    for (const { offset } of jsonPlaces(TEXT.slice(0, length), [
      ["f", "g"],
      ["a", "1", "c"],
    ]))
      expect(offset).toBeLessThanOrEqual(length);
});
