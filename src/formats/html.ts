import type { AnyNode, ChildNode, Element } from "domhandler";
import { decodeText } from "./decode-text.ts";
import type { RawFormat } from "./raw-format.ts";

/** Elements within elements. Browsers stop at 512, too. */
const MAX_ELEMENT_DEPTH = 512;

/**
 * The tables of an HTML page as `{ tables: [[{header: text}]] }` (language chapter 5.8), read by `parse5` as browsers
 * do; `outputSchema` is a CSS selector of tables, or of what they are in.
 */
export const html: RawFormat = {
  accept: "text/html",
  schema: "selector",
  async prepare({ outputSchema }) {
    const [{ parse }, { adapter }, { compile, selectAll }] = await Promise.all([
      import("parse5"),
      import("parse5-htmlparser2-tree-adapter"),
      import("css-select"),
    ]);
    const isTable = compile<AnyNode, Element>("table");
    const isSelected = outputSchema === undefined ? undefined : compile<AnyNode, Element>(outputSchema);
    return decodeText(
      text => {
        let depth = 0;
        const document = parse(text, {
          treeAdapter: {
            ...adapter,
            onItemPush() {
              if (++depth > MAX_ELEMENT_DEPTH)
                throw new RangeError(`it nests more than ${MAX_ELEMENT_DEPTH} levels`);
            },
            onItemPop() {
              depth--;
            },
          },
        });
        const tables = selectAll<AnyNode, Element>(isTable, document);
        const selected = isSelected && new Set<AnyNode>(selectAll(isSelected, document));
        const wanted = selected === undefined ? tables : tables.filter(table => isWithin(table, selected));
        return { tables: wanted.map(readTable).filter(table => table !== undefined) };
      },
      { lenient: true, declared: declaredCharset },
    );
  },
};

function isWithin(table: Element, selected: ReadonlySet<AnyNode>): boolean {
  for (let node: AnyNode | null = table; node !== null; node = node.parent)
    if (selected.has(node)) return true;
  return false;
}

/** The rows of a table by its header; `undefined` where it has none. */
function readTable(table: Element): object[] | undefined {
  const sections = childrenOf(table, "thead", "tbody");
  // The parser puts rows outside any section into one.
  const rows = (name: string) =>
    sections.filter(section => section.name === name).flatMap(section => childrenOf(section, "tr"));
  const [first] = [...rows("thead"), ...rows("tbody")];
  const headers = first === undefined ? [] : childrenOf(first, "th").map(cellText);
  if (headers.length === 0) return undefined;
  return rows("tbody")
    .filter(row => childrenOf(row, "th").length === 0)
    .map(row => {
      const cells = childrenOf(row, "td").map(cellText);
      return Object.fromEntries(headers.map((header, column) => [header, cells[column] ?? ""]));
    });
}

function childrenOf(element: Element, ...names: string[]): Element[] {
  return element.children.filter(
    (child): child is Element => "name" in child && names.includes(child.name as string),
  );
}

/** The text of a cell as a reader sees it: white space is one space, a line break too. */
function cellText(cell: Element): string {
  return textOf(cell).replace(/\s+/g, " ").trim();
}

function textOf(node: ChildNode): string {
  if (node.type === "text") return node.data;
  if (!("children" in node) || node.type === "script" || node.type === "style") return "";
  return node.type === "tag" && node.name === "br" ? " " : node.children.map(textOf).join("");
}

/** The charset of a `meta` element, which is looked for in the first kilobyte (WHATWG HTML, 13.2.3.2). */
function declaredCharset(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 1024)).toString("latin1");
  return /<meta\s[^>]{0,200}?charset\s*=\s*["']?([\w.:-]+)/i.exec(start)?.[1];
}
