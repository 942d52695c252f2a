import { describe, expect, test } from "vitest";
import { parseLinkHeader } from "../../../src/engine/pagination/link-header.ts";

/** A header, and its links as `target relation,relation`. */
const cases: readonly (readonly [header: string | string[] | undefined, links: readonly string[]])[] = [
  [undefined, []],
  ["", []],
  ['<https://a.test/?p=2>; rel="next"', ["https://a.test/?p=2 next"]],
  ["</b>;rel=next", ["/b next"]],
  ['</b> ; REL = "Next"', ["/b next"]],
  ['</b>; rel="prev next"', ["/b prev,next"]],
  ['</a>; rel=prev, </b>; rel="next"', ["/a prev", "/b next"]],
  ['</a>; rel=prev,</b>;title="x, <y>; rel=z";rel=next', ["/a prev", "/b next"]],
  ['</b>; title="say \\"rel=x\\""; rel=next', ["/b next"]],
  // Commas, semicolons and spaces may stand in a target.
  ["</b?x=1,2;3>; rel=next", ["/b?x=1,2;3 next"]],
  // Only the first relation counts.
  ["</b>; rel=next; rel=prev", ["/b next"]],
  ["</b>; title*=UTF-8''n%C3%A4chste; rel=next", ["/b next"]],
  [
    [`</a>; rel=prev`, "</b>; rel=next"],
    ["/a prev", "/b next"],
  ],
  ["</b>", ["/b "]],
  ["<>; rel=next", [" next"]],
  // A malformed link ends the list.
  ["/b; rel=next", []],
  ["</b; rel=next", []],
  ["</a>; rel=prev, oops, </b>; rel=next", ["/a prev"]],
  ['</b>; rel="next', ["/b "]],
  [`${"<".repeat(70_000)}`, []],
  [`</b>;${" ".repeat(60_000)}rel=next`, ["/b next"]],
];

describe("parseLinkHeader()", () => {
  test.each(cases)("%j", (header, links) => {
    const found = parseLinkHeader(header).map(({ target, relations }) => `${target} ${relations.join(",")}`);
    expect(found).toEqual(links);
  });

  test("keeps parameters", () => {
    const [link] = parseLinkHeader('</b>; rel="next"; results="false"; cursor=0:100:0');
    expect(link?.parameters.get("results")).toBe("false");
    expect(link?.parameters.get("cursor")).toBe("0:100:0");
  });
});
