import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { CapabilityError, type ErrorCode } from "../../src/base/capability-error.ts";
import type { OptionRow } from "../../src/base/option-row.ts";
import { batchOptions } from "../../src/batch/batch-options.ts";
import { callOptions, openOptions, pagesOptions, waitOptions } from "../../src/engine/options.ts";
import { capabilityRows, operationRows } from "../../src/language/overlays/sending-settings.ts";
import { exitCode, exitCodeOf } from "../../src/surfaces/cli/exit-code.ts";
import { flagText, flagUsage } from "../../src/surfaces/cli/flag-text.ts";
import { runFlags } from "../../src/surfaces/cli/run-options.ts";
import { root } from "./page.ts";

// These tests compare the lists of pages with those of the code.

test("docs/errors.md lists every error code with its exit code", () => {
  const documented = rows("docs/errors.md", "code").map(([code = "", exit]) => [unquote(code), Number(exit)]);
  const declared = membersOf("src/base/capability-error.ts", "ErrorDetails").map(code => [
    code,
    exitCodeOf(new CapabilityError(code as ErrorCode, { message: "", details: {} as never })),
  ]);
  expect(documented.toSorted()).toEqual(declared.toSorted());
});

test("docs/errors.md lists the details of every error code", () => {
  const text = readFileSync(path.join(root, "src/base/capability-error.ts"), "utf8");
  for (const [code = "", , , details = ""] of rows("docs/errors.md", "code")) {
    const declaration = new RegExp(
      `^ {2}readonly ${unquote(code)}: \\{(?: (.*) |\\n([\\s\\S]*?)\\n {2})\\};$`,
      "m",
    ).exec(text);
    // Only the members of the details themselves, not of an object in them.
    const flat = (declaration?.[1] ?? declaration?.[2] ?? "").replace(/\{[^{}]*\}/g, "");
    const members = Array.from(flat.matchAll(/readonly (\w+)(\??):/g), ([, name, optional]) => `${name}${optional}`);
    const documented = Array.from(details.matchAll(/`(\w+)`(\??)/g), ([, name, optional]) => `${name}${optional}`);
    expect(documented, unquote(code)).toEqual(members);
  }
});

test.each(["README.md", "docs/command.md"])("%s lists every exit code", page => {
  const documented = rows(page, "code").map(([code]) => Number(code));
  expect(documented).toEqual(Object.values(exitCode));
});

test("docs/command.md lists every option of run as its help does", () => {
  const documented = rows("docs/command.md", "option").map(cells => cells.map(plain));
  const expected = [...runFlags.values()].map(row => {
    const { short } = row.flag;
    return [`${short === undefined ? "" : `-${short}, `}--${flagUsage(row.flag)}`, flagText(row).toLowerCase()];
  });
  const found = documented.map(([option, text = ""]) => [option, text.toLowerCase()]);
  expect(found.toSorted()).toEqual(expected.toSorted());
});

test.each<[heading: string, rows: Readonly<Record<string, OptionRow>>]>([
  ["option", openOptions],
  ["of a call", callOptions],
  ["of `pages`", without(pagesOptions, callOptions)],
  ["of `waitFor`", without(waitOptions, callOptions)],
  ["of `batch`", without(batchOptions, callOptions)],
])("docs/library.md has the table %s as the code does, with each default", (heading, options) => {
  const documented = rows("docs/library.md", heading).map(cells => cells.map(plain));
  const expected = Object.entries(options).map(([name, row]) => [name, ...meaning(row)]);
  expect(documented).toEqual(expected);
});

test("docs/overlays.md has every setting for sending as the code does, with each default", () => {
  const settings: Readonly<Record<string, OptionRow>> = { ...operationRows, ...capabilityRows };
  const documented = rows("docs/overlays.md", "key").map(cells => cells.map(plain));
  const expected = Object.entries(settings).map(([name, row]) => [name, ...meaning(row)]);
  expect(documented.filter(([name = ""]) => Object.hasOwn(settings, name))).toEqual(expected);
});

test("docs/overlays.md lists the settings that an operation may have, too", () => {
  const listed = rows("docs/overlays.md", "key of an operation").map(([names = ""]) => plain(names).split(", "));
  expect(listed.find(names => names.length > 1)).toEqual(["inputs", "headers", ...Object.keys(operationRows)]);
});

test.each([
  ["src/engine/open-options.ts", openOptions],
  ["src/engine/call-options.ts", { ...pagesOptions, ...waitOptions }],
  ["src/batch/batch-options.ts", without(batchOptions, callOptions)],
] as const)("the comments of %s name the defaults", (file, options) => {
  const text = readFileSync(path.join(root, file), "utf8");
  const commented = text.matchAll(/@default ([^\s,]+)[^\n]*\n {3}\*\/\n {2}readonly (\w+)\??:/g);
  const found = Object.fromEntries(Array.from(commented, ([, value, name]) => [name, value]));
  const expected = Object.entries<OptionRow>(options).flatMap(([name, row]) =>
    row.default === undefined ? [] : [[name, row.default === process.env ? row.otherwise : defaultText(row.default)]],
  );
  expect(found).toMatchObject(Object.fromEntries(expected));
});

/** Returns the default of an option and its text. */
function meaning({ otherwise, default: usual, text, zero }: OptionRow): [string, string] {
  return [otherwise ?? defaultText(usual), `${text.replaceAll("`", "")}${zero === undefined ? "" : `; 0 is ${zero}`}`];
}

function without(options: object, others: object): Record<string, OptionRow> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !Object.hasOwn(others, name)));
}

function defaultText(value: unknown): string {
  if (value === undefined) return "none";
  return typeof value === "number" ? value.toLocaleString("en").replaceAll(",", "_") : JSON.stringify(value);
}

/** Returns the text of a cell without its markup, and without links that only say where there is more. */
function plain(cell: string): string {
  return cell
    .replace(/ \(\[more\]\([^)]*\)\)/g, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll("`", "")
    .replaceAll("\\|", "|");
}

test("docs/architecture.md lists the folders of src/ that are there", () => {
  const documented = rows("docs/architecture.md", "folder of `src/`").map(([folder = ""]) => unquote(folder));
  expect(documented.filter(folder => !existsSync(path.join(root, "src", folder)))).toEqual([]);
});

/** Returns the cells of a page's tables whose first heading is `heading`. */
function rows(page: string, heading: string): string[][] {
  const tables = readFileSync(path.join(root, page), "utf8").match(/(?:^\|.*\n)+/gm) ?? [];
  return tables.flatMap(table => {
    const [head, , ...body] = table.trimEnd().split("\n").map(cellsOf);
    return head?.[0] === heading ? body : [];
  });
}

function cellsOf(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map(cell => cell.trim());
}

/** Returns the names of the members that an interface declares. */
function membersOf(file: string, name: string): string[] {
  const text = readFileSync(path.join(root, file), "utf8");
  const body = new RegExp(`^export interface ${name} \\{([\\s\\S]*?)^\\}`, "m").exec(text)?.[1] ?? "";
  return Array.from(body.matchAll(/^ {2}readonly (\w+)\??:/gm), ([, member = ""]) => member);
}

function unquote(cell: string): string {
  return cell.replaceAll("`", "");
}
