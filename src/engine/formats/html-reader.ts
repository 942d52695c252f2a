import { compile, selectAll } from "css-select";
import { parse } from "parse5";
import type { ValueCount } from "../../base/decode-limits.ts";
import { decodeText } from "./decode-text.ts";
import { htmlCharset } from "./document-charset.ts";
import { type PageNode, pageBuilder, pageSelection, textOf } from "./html-tree.ts";
import type { Decode } from "./raw-format.ts";

/** Characters of a cell that count as a value. Nested tables repeat the text of the inner ones, so text counts too. */
const CHARACTERS_PER_VALUE = 16;

/** Creates a reader of the tables of a page. */
export function htmlReader(outputSchema: string | undefined): Decode {
  const options = { adapter: pageSelection };
  const isSelected = outputSchema === undefined ? undefined : compile<PageNode, PageNode>(outputSchema, options);
  return decodeText(
    (text, count) => {
      const document = parse(text, { treeAdapter: pageBuilder(count) });
      const tables: PageNode[] = [];
      for (const node of document.descendants()) if (node.name === "table") tables.push(node);
      const selected = isSelected && new Set<PageNode>(selectAll(isSelected, document, options));
      const wanted = selected === undefined ? tables : tables.filter(table => isWithin(table, selected));
      return { tables: wanted.map(table => readTable(table, count)).filter(table => table !== undefined) };
    },
    { lenient: true, declared: htmlCharset },
  );
}

function isWithin(table: PageNode, selected: ReadonlySet<PageNode>): boolean {
  for (let node: PageNode | null = table; node !== null; node = node.parent) if (selected.has(node)) return true;
  return false;
}

/** Reads the rows of a table by its header. Returns `undefined` if it has none. */
function readTable(table: PageNode, count: ValueCount): object[] | undefined {
  const sections = childrenOf(table, "thead", "tbody");
  // The parser puts rows outside any section into one.
  const rows = (name: string) =>
    sections.filter(section => section.name === name).flatMap(section => childrenOf(section, "tr"));
  const body = rows("tbody");
  const first = rows("thead")[0] ?? body[0];
  const headers = first === undefined ? [] : childrenOf(first, "th").map(cell => cellText(cell, count));
  if (headers.length === 0) return undefined;
  return body
    .filter(row => childrenOf(row, "th").length === 0)
    .map(row => {
      // Missing cells count too: even an empty row gets a member for each column.
      count.add(headers.length);
      const cells = childrenOf(row, "td").map(cell => cellText(cell, count));
      return Object.fromEntries(headers.map((header, column) => [header, cells[column] ?? ""]));
    });
}

function childrenOf(element: PageNode, ...names: string[]): PageNode[] {
  const found: PageNode[] = [];
  for (const child of element.children()) if (names.includes(child.name)) found.push(child);
  return found;
}

/** Returns the text of a cell as people see it: white space and line breaks are one space. */
function cellText(cell: PageNode, count: ValueCount): string {
  const text = textOf(cell);
  count.add(Math.ceil(text.length / CHARACTERS_PER_VALUE));
  return text.replace(/\s+/g, " ").trim();
}
