import { describe, expect, it } from "vitest";
import { formatTable } from "../../../src/surfaces/cli/format-table.ts";
import { requirePrintable } from "../../../src/surfaces/cli/require-printable.ts";

/** Counts how often `work` asks objects of `rows` for a member. */
function readMembers(rows: readonly object[], work: (rows: readonly object[]) => unknown): number {
  let reads = 0;
  const watched = rows.map(
    row =>
      new Proxy(row, {
        get: (target, name) => {
          reads++;
          return Reflect.get(target, name);
        },
      }),
  );
  work(watched);
  return reads;
}

const families: readonly { readonly what: string; readonly rows: (size: number) => object[] }[] = [
  { what: "rows", rows: size => Array.from({ length: size }, (_, row) => ({ a: row, b: row })) },
  {
    what: "rows of other names",
    rows: size => Array.from({ length: size }, (_, row) => ({ [`c${row}`]: row })),
  },
  {
    what: "columns",
    rows: size => [Object.fromEntries(Array.from({ length: size }, (_, column) => [`c${column}`, 1]))],
  },
  {
    what: "columns of one row, and rows",
    rows: size => [
      Object.fromEntries(Array.from({ length: size }, (_, column) => [`c${column}`, 1])),
      ...Array.from({ length: size }, () => ({ c0: 1 })),
    ],
  },
];

describe("formatTable()", () => {
  it.each(families)("takes no more than 2.5 times the cells for twice the $what", ({ rows }) => {
    const [once, twice] = [500, 1_000].map(size => readMembers(rows(size), formatTable)) as [number, number];
    expect(twice).toBeLessThan(2.5 * once + 100);
  });

  it("shows that there are more columns than fit a line", () => {
    const [header = "", line = ""] = formatTable(
      [Object.fromEntries("abcdefghijklmnop".split("").map(name => [name, 1]))],
      20,
    );
    expect(header).toBe("a  b  c  d  e  f  g…");
    expect(line).toBe("1  1  1  1  1  1  1…");
  });

  it.each(["toString", "__proto__"])("shows nothing in the column %s of a row that lacks it", name => {
    const rows: unknown = JSON.parse(`[{"${name}":1,"a":2},{"a":3}]`);
    expect(formatTable(rows)[2]).toBe(`${" ".repeat(name.length)}  3`);
  });

  it("cuts a cell by what is seen of it", () => {
    expect(formatTable([{ a: `${"\u001b".repeat(50)}x` }])[1]).toBe(`${"\\u001b".repeat(6)}\\u0…`);
  });
});

describe("requirePrintable()", () => {
  const large = Array.from({ length: 10_000 }, () => "x".repeat(100));
  const deep = Array.from({ length: 1_000 }).reduce<unknown>(inner => [inner, "x".repeat(1_000)], null);

  it.each([
    { what: "one part under many names", value: Array.from({ length: 200 }, () => large) },
    { what: "what a path finds at each level", value: levelsOf(deep) },
    { what: "a shared text", value: Array.from({ length: 2_000 }, () => large[0]?.repeat(1_000)) },
    { what: "a shared name", value: Array.from({ length: 2_000 }, () => ({ ["n".repeat(100_000)]: 1 })) },
  ])("refuses $what", ({ value }) => {
    expect(() => requirePrintable(value)).toThrow(expect.objectContaining({ code: "RESPONSE_TOO_LARGE" }));
  });

  it.each([{ value: null }, { value: large }, { value: deep }, { value: { a: large, b: [large, large] } }])(
    "lets pass what can be printed",
    ({ value }) => {
      expect(() => requirePrintable(value)).not.toThrow();
    },
  );
});

function levelsOf(value: unknown): unknown[] {
  const levels: unknown[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) levels.push(level);
  return levels;
}
