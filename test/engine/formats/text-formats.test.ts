import { describe, expect, it } from "vitest";
import { type Body, decode } from "./decode.ts";

interface Case {
  readonly what: string;
  readonly format: string;
  readonly body: Body;
  readonly schema?: string;
  readonly value: unknown;
}

const XSI = "http://www.w3.org/2001/XMLSchema-instance";

/** JSON of as many levels as are taken. */
const DEEPEST_JSON = `${"[".repeat(1_000)}"[{"${"]".repeat(1_000)}`;

const decoded: readonly Case[] = [
  { what: "JSON of a thousand levels", format: "json", body: DEEPEST_JSON, value: JSON.parse(DEEPEST_JSON) },
  {
    what: "JSON with more brackets than levels",
    format: "json",
    body: JSON.stringify(Array(2_000).fill([{ a: "[{" }])),
    value: Array(2_000).fill([{ a: "[{" }]),
  },
  {
    what: "children and attributes as members, repeated ones as arrays",
    format: "xml",
    body: '<r><u id="1"><n>A</n></u><u id="2"/></r>',
    value: { u: [{ id: "1", n: "A" }, { id: "2" }] },
  },
  {
    what: "leaves as texts, an empty element as an empty one",
    format: "xml",
    body: "<r><n>5</n><t> a b </t><e/><f></f></r>",
    value: { n: "5", t: " a b ", e: "", f: "" },
  },
  {
    what: "text beside attributes or children",
    format: "xml",
    body: '<r>\n  <p currency="EUR">12</p>\n  <q>one <b>two</b> three</q>\n</r>',
    value: { p: { currency: "EUR", "": "12" }, q: { b: "two", "": "one  three" } },
  },
  {
    what: "local names, without declarations of namespaces",
    format: "xml",
    body: '<a:r xmlns:a="urn:a" xmlns="urn:b"><a:x a:y="1"/><z>2</z></a:r>',
    value: { x: { y: "1" }, z: "2" },
  },
  {
    what: "entities of XML, character references and CDATA",
    format: "xml",
    body: "<r>&lt;&amp;&#233;<![CDATA[<b>&amp;]]></r>",
    value: "<&é<b>&amp;",
  },
  {
    what: "a document type declaration by skipping it",
    format: "xml",
    body: '<!DOCTYPE r SYSTEM "http://127.0.0.1:1/r.dtd"><r><a>1</a></r>',
    value: { a: "1" },
  },
  {
    what: "members named like those of a prototype",
    format: "xml",
    body: '<r constructor="1"><__proto__><x>1</x></__proto__></r>',
    value: JSON.parse('{"constructor":"1","__proto__":{"x":"1"}}'),
  },
  {
    what: "an attribute and a child of one name",
    format: "xml",
    body: '<r><a b="1"><b>2</b></a></r>',
    value: { a: { b: ["1", "2"] } },
  },
  {
    what: "nothing where an element is nil",
    format: "xml",
    body: `<r xmlns:xsi="${XSI}"><a xsi:nil="true"/><b xsi:nil="1"></b><c xsi:nil=" true "> </c></r>`,
    value: { a: null, b: null, c: null },
  },
  {
    what: "a nil root",
    format: "xml",
    body: `<r xmlns:xsi="${XSI}" xsi:nil="true" xsi:type="T"/>`,
    value: null,
  },
  {
    what: "nil by any prefix of its namespace, and by that alone",
    format: "xml",
    body: `<r xmlns:i="${XSI}"><a i:nil="true"/><b xmlns:i="urn:x" i:nil="true"/><c nil="true"/><d xmlns:x="${XSI}" x:nil="true"/></r>`,
    value: { a: null, b: { nil: "true" }, c: { nil: "true" }, d: null },
  },
  {
    what: "the attributes of a nil element",
    format: "xml",
    body: `<r><a id="1" xsi:nil="true"/></r>`,
    value: { a: { id: "1", "": null } },
  },
  {
    what: "what is not nil, or says so and is not",
    format: "xml",
    body: '<r><a xsi:nil="false">x</a><b xsi:nil="true">x</b><c xsi:nil="true"><d/></c><e xsi:nil="0"/></r>',
    value: { a: "x", b: "x", c: { d: "" }, e: "" },
  },

  { what: "rows by the header", format: "csv", body: "id,n\n1,A\n", value: [{ id: "1", n: "A" }] },
  {
    what: "quoted cells, with separators, quotes and line breaks in them",
    format: "csv",
    body: 'a,b\r\n"x, ""y""","1\r\n2"\r\n',
    value: [{ a: 'x, "y"', b: "1\r\n2" }],
  },
  {
    what: "a quote within a cell",
    format: "tsv",
    body: 'a\tb\n5" disk\t1',
    value: [{ a: '5" disk', b: "1" }],
  },
  { what: "tabs", format: "tsv", body: "a\tb\n1,5\t\n", value: [{ a: "1,5", b: "" }] },
  { what: "bars", format: "psv", body: "a|b\n1|2\n", value: [{ a: "1", b: "2" }] },
  {
    what: "line breaks of all kinds",
    format: "csv",
    body: "a\r\n1\n2\r3",
    value: [{ a: "1" }, { a: "2" }, { a: "3" }],
  },
  { what: "no empty lines", format: "csv", body: "a,b\n\n1,2\n\n", value: [{ a: "1", b: "2" }] },
  {
    what: "a row that is too short, without its last members",
    format: "csv",
    body: "a,b,c\n1\n",
    value: [{ a: "1" }],
  },
  { what: "a header alone", format: "csv", body: "a,b\n", value: [] },
  {
    what: "a column called __proto__",
    format: "csv",
    body: "__proto__,b\n1,2\n",
    value: JSON.parse('[{"__proto__":"1","b":"2"}]'),
  },

  { what: "plain YAML", format: "yaml", body: "a:\n  - 1\n  - b: null\n", value: { a: [1, { b: null }] } },
  {
    what: "flow YAML, a date as text",
    format: "yaml",
    body: "{a: [1, true], d: 2026-11-25}",
    value: { a: [1, true], d: "2026-11-25" },
  },
  { what: "the first document", format: "yaml", body: "{a: 1}\n---\n{b: 2}\n", value: { a: 1 } },
  { what: "aliases", format: "yaml", body: "a: &x {n: 1}\nb: *x\n", value: { a: { n: 1 }, b: { n: 1 } } },
  {
    what: "keys that are no texts",
    format: "yaml",
    body: "{1: a, ? [x] : b}",
    value: { "1": "a", "[ x ]": "b" },
  },
  {
    what: "numbers that JSON lacks, as texts",
    format: "yaml",
    body: "a: .inf\nb: -.INF\nc: .nan\n",
    value: { a: ".inf", b: "-.INF", c: ".nan" },
  },
  { what: "numbers that JSON lacks, in flow YAML", format: "yaml", body: "[.inf, 1]", value: [".inf", 1] },
  { what: "nothing but a comment", format: "yaml", body: "# nothing\n", value: null },
  {
    what: "tags beyond the core schema, as what they stand at",
    format: "yaml",
    body: "{a: !!binary aGk=, b: !!set {x}, c: !!omap [d: 1], e: !!timestamp 2026-11-25}",
    value: { a: "aGk=", b: { x: null }, c: [{ d: 1 }], e: "2026-11-25" },
  },
  {
    what: "a document of YAML 1.1 as one of 1.2",
    format: "yaml",
    body: "%YAML 1.1\n---\n{2026-11-25: 2026-11-25, a: yes, b: !!binary aGk=, c: {<<: {d: 1}}}",
    value: { "2026-11-25": "2026-11-25", a: "yes", b: "aGk=", c: { "<<": { d: 1 } } },
  },

  {
    what: "the tables of a page",
    format: "html",
    body: "<h1>x</h1><table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td> 1<br>2 </td><td>x\n <b>y</b></td></tr></tbody></table>",
    value: { tables: [[{ A: "1 2", B: "x y" }]] },
  },
  {
    what: "tables without sections and end tags, missing cells as empty ones",
    format: "html",
    body: "<table><tr><th>A<th>B<tr><td>1<tr><td>2<td>3</table>",
    value: {
      tables: [
        [
          { A: "1", B: "" },
          { A: "2", B: "3" },
        ],
      ],
    },
  },
  {
    what: "no rows with headers in them, no table without headers",
    format: "html",
    body: "<table><tr><th>A<tr><th>sub<td>x<tr><td>1</table><table><tr><td>lost</table>",
    value: { tables: [[{ A: "1" }]] },
  },
  {
    what: "a table in a cell by itself",
    format: "html",
    body: "<table><tr><th>A<tr><td><table><tr><th>B<tr><td>1</table></table>",
    value: { tables: [[{ A: "B1" }], [{ B: "1" }]] },
  },
  {
    what: "no script",
    format: "html",
    body: "<table><tr><th>A<tr><td>1<script>2</script></table>",
    value: { tables: [[{ A: "1" }]] },
  },
  {
    what: "selected tables, and those in what is selected",
    format: "html",
    schema: "section, table.p",
    body: "<table><tr><th>A<tr><td>1</table><table class=p><tr><th>B<tr><td>2</table><section><table><tr><th>C<tr><td>3</table></section>",
    value: { tables: [[{ B: "2" }], [{ C: "3" }]] },
  },
  { what: "a page without a table", format: "html", body: "<p>Nothing here", value: { tables: [] } },

  {
    what: "front matter, tables and sections",
    format: "markdown",
    body: "---\ntitle: T\ntags: [a, b]\n---\nlost\n\n# One *two*\ntext `code` [link](http://x.test) <b>bold</b>\nmore\n\n- item\n\n```js\nlet a;\n```\n\n| A | B |\n|---|---|\n| 1 | **2** |\n| 3 |\n\n## Notes\ndone\n",
    value: {
      frontMatter: { title: "T", tags: ["a", "b"] },
      tables: [
        [
          { A: "1", B: "2" },
          { A: "3", B: "" },
        ],
      ],
      sections: [
        { heading: "One two", level: 1, content: "text code link bold\nmore\nitem\nlet a;" },
        { heading: "Notes", level: 2, content: "done" },
      ],
    },
  },
  {
    what: "the example of the language",
    format: "markdown",
    body: "## Notes\ndone",
    value: { frontMatter: {}, tables: [], sections: [{ heading: "Notes", level: 2, content: "done" }] },
  },
  {
    what: "the sections whose heading begins so, and their tables",
    format: "markdown",
    schema: "Res",
    body: "|X|\n|-|\n|0|\n# Results\na\n\n|A|\n|-|\n|1|\n## Result 2\nb\n# Other\nc\n\n|B|\n|-|\n|2|\n",
    value: {
      frontMatter: {},
      tables: [[{ A: "1" }]],
      sections: [
        { heading: "Results", level: 1, content: "a" },
        { heading: "Result 2", level: 2, content: "b" },
      ],
    },
  },
  {
    what: "with hashes only those of the level",
    format: "markdown",
    schema: "## Res",
    body: "# Results\na\n## Result 2\nb\n",
    value: { frontMatter: {}, tables: [], sections: [{ heading: "Result 2", level: 2, content: "b" }] },
  },
  {
    what: "a rule that is no front matter",
    format: "markdown",
    body: "---\n\n# A\n",
    value: { frontMatter: {}, tables: [], sections: [{ heading: "A", level: 1, content: "" }] },
  },
  { what: "text as it is", format: "text", body: " {é\r\n", value: " {é\r\n" },
  { what: "bytes as they are", format: "binary", body: Buffer.from([0, 255]), value: Buffer.from([0, 255]) },
  ...["json", "xml", "csv", "tsv", "psv", "yaml", "html", "markdown"].map(format => ({
    what: "an empty body",
    format,
    body: "",
    value: null,
  })),
];

/** Nine levels of nine aliases. */
const ALIAS_BOMB = [
  "a0: &a0 [x,x,x,x,x,x,x,x,x]",
  ...Array.from({ length: 8 }, (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(9)}]`),
].join("\n");

/** Ten levels of ten entities. */
const ENTITY_BOMB = `<!DOCTYPE r [<!ENTITY e0 "x">${Array.from({ length: 10 }, (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`).join("")}]><r>&e10;</r>`;

const refused: readonly (Omit<Case, "value"> & { readonly says: string })[] = [
  {
    what: "an entity that names a file",
    format: "xml",
    body: '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><r>&x;</r>',
    says: "undefined entity",
  },
  {
    what: "an entity of the document",
    format: "xml",
    body: '<!DOCTYPE r [<!ENTITY x "y">]><r a="&x;"/>',
    says: "undefined entity",
  },
  { what: "an entity bomb", format: "xml", body: ENTITY_BOMB, says: "undefined entity" },
  { what: "XML that is cut off", format: "xml", body: "<r><a>1</a>", says: "unclosed tag: r" },
  { what: "text for XML", format: "xml", body: "oops", says: "it is not XML: 1:" },
  {
    what: "deep JSON",
    format: "json",
    body: `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
    says: "more than 1000 levels",
  },
  {
    what: "JSON of objects one level too deep",
    format: "json",
    body: `${'{"a":'.repeat(1_001)}1${"}".repeat(1_001)}`,
    says: "more than 1000 levels",
  },
  { what: "deep XML", format: "xml", body: "<a>".repeat(100_000), says: "more than 100 levels" },
  {
    what: "a row that is too long",
    format: "csv",
    body: "a,b\n1,2\n1,2,3\n",
    says: "row 3 has 3 values, but the header has 2 names",
  },
  {
    what: "two columns of one name",
    format: "csv",
    body: "a,b,a\n1,2,3\n",
    says: 'two of its columns are called "a"',
  },
  { what: "a quote that is not closed", format: "csv", body: 'a\n"x', says: "Quote Not Closed" },
  { what: "an alias bomb", format: "yaml", body: ALIAS_BOMB, says: "more than 1000 aliases" },
  { what: "an alias of itself", format: "yaml", body: "&a [*a]", says: "stands in what it stands for" },
  { what: "broken YAML", format: "yaml", body: "a: [1, {b: c}", says: "it is not YAML" },
  { what: "deep YAML", format: "yaml", body: "[".repeat(100_000), says: "more than 100 levels" },
  { what: "deep block YAML", format: "yaml", body: "- ".repeat(100_000), says: "more than 100 levels" },
  { what: "deep HTML", format: "html", body: "<div>".repeat(100_000), says: "more than 512 levels" },
  {
    what: "front matter that is a list",
    format: "markdown",
    body: "---\n- a\n---\n",
    says: "its front matter has no members",
  },
  {
    what: "front matter that is broken",
    format: "markdown",
    body: "---\na: [\n---\n",
    says: "it is not YAML",
  },
];

describe("a decoder", () => {
  it.each(decoded)("of $format gives $what", async ({ format, body, value, schema }) => {
    expect(await decode(format, body, { outputSchema: schema })).toEqual(value);
  });

  it.each(refused)("of $format refuses $what", async ({ format, body, says }) => {
    await expect(decode(format, body)).rejects.toThrow(says);
  });

  it("of html refuses a selector that is none", async () => {
    await expect(decode("html", "", { outputSchema: "table[" })).rejects.toThrow("Expected name");
  });
});
