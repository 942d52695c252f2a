// Answers that are built to be hostile: each family grows to any size. The growth benchmark measures them, and tests send
// them to the command.

/** @import { AnswerFamily } from "./answer-families.mjs" */

/** A message that holds itself, lists, a map and a group, for Protobuf. */
export const PROTO = `syntax = "proto2";
message Node {
  optional Node child = 1;
  repeated Node children = 2;
  repeated int32 packed = 3 [packed = true];
  map<string, string> names = 4;
  repeated string texts = 5;
  optional group Part = 6 { optional Node node = 1; }
  repeated uint64 longs = 7;
  optional bytes data = 8;
}`;

/** A record that holds itself, arrays of things without bytes, a map and a union, for Avro. */
export const AVSC = JSON.stringify({
  type: "record",
  name: "Node",
  fields: [
    { name: "nothing", type: { type: "array", items: "null" } },
    { name: "empty", type: { type: "array", items: { type: "record", name: "Empty", fields: [] } } },
    { name: "texts", type: { type: "array", items: "string" } },
    { name: "map", type: { type: "map", values: "null" } },
    { name: "either", type: { type: "array", items: ["null", "boolean", "Empty"] } },
    { name: "next", type: ["null", "Node"] },
  ],
});

/**
 * Families of bodies. `unit` is repeated until the body has its size, `close` as often behind `middle`.
 *
 * @type {readonly AnswerFamily[]}
 */
export const families = [
  of("json", "empty arrays", { head: "[", unit: "[],", tail: "0]" }),
  of("json", "empty objects", { head: "[", unit: "{},", tail: "0]" }),
  of("json", "arrays of one number", { head: "[", unit: "[0],", tail: "0]" }),
  of("json", "objects of one member", { head: "[", unit: '{"a":0},', tail: "0]" }),
  of("json", "objects of one member each of its own name", {
    head: "[",
    unit: i => `{"a${i}":0},`,
    tail: "0]",
  }),
  of("json", "members of distinct names", { head: "{", unit: i => `"a${i}":0,`, tail: '"z":0}' }),
  of("json", "members of numbers as names", { head: "{", unit: i => `"${i * 7919}":0,`, tail: '"z":0}' }),
  of("json", "one name again and again", { head: "{", unit: '"a":0,', tail: '"z":0}' }),
  of("json", "one text of escapes", { head: '"', unit: "\\u0000", tail: '"' }),
  of("json", "fractions", { head: "[", unit: "1e9,", tail: "0]" }),
  of("json", "one long number", { unit: "9" }),
  of("json", "open arrays", { unit: "[" }),
  of("json", "deep arrays", { unit: "[", middle: "0", close: "]" }),
  of("json", "deep objects", { unit: '{"a":', middle: "0", close: "}" }),
  of("json", "wide arrays of a thousand levels", {
    head: "[",
    unit: `${"[".repeat(900)}${"]".repeat(900)},`,
    tail: "0]",
  }),
  of("json", "white space", { head: "[", unit: " \n", tail: "0]" }),
  of("json", "an error at the end", { head: "[", unit: "0,", tail: "x]" }),

  of("xml", "empty elements", { head: "<r>", unit: "<a/>", tail: "</r>" }),
  of("xml", "elements of distinct names", { head: "<r>", unit: i => `<a${i}/>`, tail: "</r>" }),
  of("xml", "elements with one attribute", { head: "<r>", unit: '<a b=""/>', tail: "</r>" }),
  of("xml", "attributes of one element", { head: "<r ", unit: i => `a${i}='' `, tail: "/>" }),
  of("xml", "one attribute again and again", { head: "<r ", unit: "a='' ", tail: "/>" }),
  of("xml", "open elements", { unit: "<a>" }),
  of("xml", "open elements below the limit", {
    head: "<r>",
    unit: `${"<a>".repeat(90)}${"</a>".repeat(90)}`,
    tail: "</r>",
  }),
  of("xml", "texts between elements", { head: "<r>", unit: "x<a/>", tail: "</r>" }),
  of("xml", "white space between elements", { head: "<r>", unit: " <a/>", tail: "</r>" }),
  of("xml", "blank text before each element", {
    head: `<r>${" ".repeat(99_999)}`,
    unit: "<a/>",
    tail: "</r>",
  }),
  of("xml", "blank character data", { head: "<r>", unit: "<![CDATA[ ]]>", tail: "</r>" }),
  of("xml", "entities", { head: "<r>", unit: "&amp;", tail: "</r>" }),
  of("xml", "unknown entities", { head: "<r>", unit: "&aaa;", tail: "</r>" }),
  of("xml", "an entity without end", { head: "<r>&", unit: "a", tail: "</r>" }),
  of("xml", "empty character data", { head: "<r>", unit: "<![CDATA[]]>", tail: "</r>" }),
  of("xml", "brackets in character data", { head: "<r><![CDATA[", unit: "]]", tail: "]]></r>" }),
  of("xml", "comments", { head: "<r>", unit: "<!---->", tail: "</r>" }),
  of("xml", "a comment without end", { head: "<r><!--", unit: "- " }),
  of("xml", "processing instructions", { head: "<r>", unit: "<?a?>", tail: "</r>" }),
  of("xml", "entity declarations", {
    head: "<!DOCTYPE r [",
    unit: i => `<!ENTITY a${i} "&a${i - 1};">`,
    tail: "]><r>&a9;</r>",
  }),
  of("xml", "an open document type", { head: "<!DOCTYPE r [", unit: "[" }),
  of("xml", "one long name", { head: "<", unit: "a", tail: "/>" }),
  of("xml", "one long attribute", { head: '<r a="', unit: "\n", tail: '"/>' }),
  of("xml", "line breaks", { head: "<r>", unit: "\r\n", tail: "</r>" }),
  of("xml", "namespaces", { head: "<r>", unit: i => `<a xmlns:b${i}=""/>`, tail: "</r>" }),
  of("xml", "text beside children", { head: "<r>", unit: "<a b=''>x</a>", tail: "</r>" }),

  ...["csv", "tsv", "psv"].flatMap(format => {
    const cell = { csv: ",", tsv: "\t", psv: "|" }[format];
    return [
      of(format, "empty fields", { head: "a\n", unit: cell }),
      of(format, "rows of one field", { head: "a\n", unit: "1\n" }),
      of(format, "empty rows", { head: "a\n", unit: "\n" }),
      of(format, "rows that are too short", {
        head: Array.from({ length: 1000 }, (_, i) => `a${i}`).join(cell),
        unit: "\n1",
      }),
      of(format, "rows of empty fields", {
        head: `${Array.from({ length: 1000 }, (_, i) => `a${i}`).join(cell)}\n`,
        unit: `${cell.repeat(999)}\n`,
      }),
      of(format, "names of columns", { unit: i => `a${i}${cell}` }),
      of(format, "names of columns, one twice", { unit: i => `a${i}${cell}`, tail: "a0" }),
      of(format, "one name of columns", { unit: `a${cell}` }),
      of(format, "an open quote", { head: 'a\n"', unit: "x\n" }),
      of(format, "quotes", { head: 'a\n"', unit: '"' }),
      of(format, "pairs of quotes", { head: 'a\n"', unit: '""', tail: '"' }),
      of(format, "quotes within a field", { head: "a\nx", unit: '"' }),
      of(format, "quoted fields", { head: "a\n", unit: '""\n' }),
      of(format, "one long field", { head: "a\n", unit: "x" }),
      of(format, "carriage returns", { head: "a\n", unit: "\r" }),
      of(format, "blanks", { head: "a\n", unit: " \n" }),
    ];
  }),

  of("yaml", "items", { unit: "- a\n" }),
  of("yaml", "empty items", { unit: "-\n" }),
  of("yaml", "keys", { unit: i => `a${i}: 1\n` }),
  of("yaml", "one key", { unit: "a: 1\n" }),
  of("yaml", "keys without value", { unit: i => `a${i}:\n` }),
  of("yaml", "items with members", { unit: "- a: 1\n" }),
  of("yaml", "items within items", { unit: "- - - - -\n" }),
  of("yaml", "one line of items", { unit: "- " }),
  of("yaml", "a line of colons", { head: "a", unit: ":" }),
  of("yaml", "colons and spaces", { unit: "a: " }),
  of("yaml", "deeper and deeper keys", { unit: i => `${" ".repeat(i % 90)}a:\n` }),
  of("yaml", "flow items", { head: "[", unit: "a,", tail: "]" }),
  of("yaml", "flow items without end", { head: "[", unit: "a," }),
  of("yaml", "empty flow lists", { head: "[", unit: "[],", tail: "]" }),
  of("yaml", "empty flow maps", { head: "[", unit: "{},", tail: "]" }),
  of("yaml", "open flow lists", { unit: "[" }),
  of("yaml", "open flow maps", { unit: "{a: " }),
  of("yaml", "flow lists of ninety levels", {
    head: "[",
    unit: `${"[".repeat(90)}${"]".repeat(90)},`,
    tail: "]",
  }),
  of("yaml", "flow members", { head: "{", unit: i => `a${i}: 1,`, tail: "}" }),
  of("yaml", "flow texts", { head: "[", unit: '"",', tail: "]" }),
  of("yaml", "flow commas", { head: "[", unit: "," }),
  of("yaml", "a flow list on each line", { unit: "- [a, b: c]\n" }),
  of("yaml", "flow items on lines", { head: "[", unit: "a\n,", tail: "]" }),
  of("yaml", "anchors", { unit: i => `- &a${i} b\n` }),
  of("yaml", "aliases", { head: "- &a b\n", unit: "- *a\n" }),
  of("yaml", "aliases of lists", { head: "- &a [b, b, b]\n", unit: "- *a\n" }),
  of("yaml", "unknown aliases", { unit: i => `- *a${i}\n` }),
  of("yaml", "aliases that grow", { head: "- &a0 [x]\n", unit: i => `- &a${i + 1} [*a${i}, *a${i}]\n` }),
  of("yaml", "merge keys", { head: "- &a {b: c}\n", unit: "- <<: *a\n" }),
  of("yaml", "many merges of one map", { head: "a: &a {b: c}\nd:\n", unit: "  <<: *a\n" }),
  of("yaml", "complex keys", { unit: "? a\n: b\n" }),
  of("yaml", "complex keys without value", { unit: "? a\n" }),
  of("yaml", "complex flow keys", { unit: "? [a]\n: b\n" }),
  of("yaml", "open complex keys", { unit: "? " }),
  of("yaml", "tags", { unit: "- !!str a\n" }),
  of("yaml", "tags of one's own", { unit: "- !a b\n" }),
  of("yaml", "comments", { unit: "#\n", tail: "a: 1" }),
  of("yaml", "comments after items", { unit: "- a #\n" }),
  of("yaml", "comments after a flow list", { head: "[a]\n", unit: "#\n" }),
  of("yaml", "comments in a flow list", { head: "[a,", unit: "#\n", tail: "]" }),
  of("yaml", "empty lines", { unit: "\n", tail: "a: [1, 2]" }),
  of("yaml", "empty lines in a list", { unit: "- a\n\n\n\n" }),
  of("yaml", "empty lines with tabs", { unit: "\t\n", tail: "a: 1" }),
  of("yaml", "CRLF", { unit: "- a\r\n" }),
  of("yaml", "CRLF keys", { unit: i => `a${i}: 1\r\n` }),
  of("yaml", "tabs", { head: "a:", unit: "\t", tail: "b" }),
  of("yaml", "tab items", { unit: "-\ta\n" }),
  of("yaml", "documents", { unit: "---\n" }),
  of("yaml", "documents with ends", { unit: "a\n...\n" }),
  of("yaml", "directives", { unit: "%A b\n", tail: "---\na" }),
  of("yaml", "tag directives", { unit: i => `%TAG !a${i}! b\n`, tail: "---\na" }),
  of("yaml", "an open quote", { head: '"', unit: "a\n" }),
  of("yaml", "an open single quote", { head: "'", unit: "a\n" }),
  of("yaml", "open quotes on many lines", { unit: "- 'a\n" }),
  of("yaml", "pairs of quotes", { head: "'", unit: "''", tail: "'" }),
  of("yaml", "escapes", { head: '"', unit: "\\n", tail: '"' }),
  of("yaml", "a plain text on many lines", { unit: "a\n" }),
  of("yaml", "a plain text of one line", { unit: "a " }),
  of("yaml", "a literal text", { head: "a: |\n", unit: " b\n" }),
  of("yaml", "a folded text", { head: "a: >\n", unit: " b\n" }),
  of("yaml", "a folded text of empty lines", { head: "a: >\n b\n", unit: "\n" }),
  of("yaml", "a folded text with deeper lines", { head: "a: >\n b\n", unit: "  c\n b\n" }),
  of("yaml", "empty literal texts", { unit: "- |\n" }),
  of("yaml", "a literal text of blank lines", { head: "a: |+\n", unit: " \n" }),
  of("yaml", "texts of blank lines", { unit: "- |\n\n" }),
  of("yaml", "one long key", { unit: "a", tail: ": 1" }),
  of("yaml", "one long flow key", { head: "{", unit: "a", tail: ": 1}" }),
  of("yaml", "one long quoted key", { head: '{"', unit: "a", tail: '": 1}' }),
  of("yaml", "quoted keys", { unit: i => `"a${i}": 1\n` }),
  of("yaml", "null keys", { unit: ": 1\n" }),
  of("yaml", "spaces", { head: "a:", unit: " ", tail: "1" }),
  of("yaml", "indicators", { unit: "|>" }),
  of("yaml", "byte order marks", { unit: "\ufeff" }),
  of("yaml", "digits", { unit: "9" }),
  of("yaml", "digits with underscores", { head: "- ", unit: "1_", tail: "x" }),
  of("yaml", "digits of base sixty", { head: "- ", unit: "1:", tail: "x" }),

  of("html", "columns times rows", {
    make: size =>
      `<table><tr>${Array.from({ length: Math.ceil(size / 20) }, (_, i) => `<th>a${i}`).join("")}${"<tr>".repeat(size / 8)}`,
  }),
  of("html", "columns of one name times rows", {
    make: size => `<table><tr>${"<th>".repeat(size / 8)}${"<tr>".repeat(size / 8)}`,
  }),
  of("html", "rows", { head: "<table><tr><th>a", unit: "<tr>" }),
  of("html", "rows of cells", { head: "<table><tr><th>a<th>b", unit: "<tr><td>1<td>2" }),
  of("html", "cells of one row", { head: "<table><tr><th>a<tr>", unit: "<td>" }),
  of("html", "header cells", { head: "<table><tr>", unit: "<th>" }),
  of("html", "row spans", { head: "<table><tr><th>a", unit: "<tr><td rowspan=65534 colspan=1000>1" }),
  of("html", "sections", { head: "<table><tr><th>a", unit: "<tbody>" }),
  of("html", "tables", { unit: "<table><tr><th></table>" }),
  of("html", "tables within tables", { unit: "<table><tr><th>a<td>" }),
  of("html", "tables within tables below the limit", {
    unit: `${"<table><tr><th>a<tr><td>".repeat(100)}x${"</table>".repeat(100)}`,
  }),
  of("html", "a long cell within tables", { head: "<table><tr><th>a<tr><td>".repeat(100), unit: "x" }),
  of("html", "open elements", { unit: "<div>" }),
  of("html", "paragraphs", { unit: "<p>" }),
  of("html", "ends of paragraphs", { unit: "</p>" }),
  of("html", "line breaks", { unit: "<br>" }),
  of("html", "items", { head: "<ul>", unit: "<li>" }),
  of("html", "formatting that is opened again", {
    head: `<p>${Array.from({ length: 450 }, (_, i) => `<b id=${i}>`).join("")}`,
    unit: "<p>x",
  }),
  of("html", "open formatting", { unit: i => `<b id=${i}>` }),
  of("html", "formatting across blocks", { unit: "<b><p></b>" }),
  of("html", "links within links", { unit: "<a><p>" }),
  of("html", "formatting of the table's parent", { head: "<table>", unit: "<b>x" }),
  of("html", "text in a table", { head: "<table>", unit: "x<tr>" }),
  of("html", "text before cells", { head: "<table><tr>", unit: "x" }),
  of("html", "ends without beginning in deep elements", { head: "<span>".repeat(500), unit: "</x>" }),
  of("html", "ends of paragraphs in deep elements", { head: "<span>".repeat(500), unit: "</p>" }),
  of("html", "items in deep elements", { head: "<span>".repeat(500), unit: "<li>" }),
  of("html", "attributes", { head: "<p ", unit: i => `a${i} ` }),
  of("html", "one attribute", { head: "<p ", unit: "a " }),
  of("html", "attributes of the body", { unit: i => `<body a${i}>` }),
  of("html", "one long attribute", { head: '<p a="', unit: "x" }),
  of("html", "open tags", { unit: "<" }),
  of("html", "a tag without end", { head: "<", unit: "a" }),
  of("html", "entities", { unit: "&amp;" }),
  of("html", "entities without end", { unit: "&a" }),
  of("html", "comments", { unit: "<!---->" }),
  of("html", "a comment without end", { head: "<!--", unit: "--!" }),
  of("html", "templates", { unit: "<template>" }),
  of("html", "templates with ends", { unit: "<template></template>" }),
  of("html", "selects", { unit: "<select><option>" }),
  of("html", "forms", { unit: "<form></form>" }),
  of("html", "svg", { head: "<svg>", unit: "<a/>" }),
  of("html", "svg and back", { unit: "<svg><desc>" }),
  of("html", "a script without end", { head: "<script>", unit: "<!--<script>" }),
  of("html", "raw text", { unit: "<style></style>" }),
  of("html", "null characters", { unit: "\0" }),
  of("html", "white space in a cell", { head: "<table><tr><th>a<tr><td>x", unit: " ", tail: "x" }),
  of("html", "white space in many texts", { head: "<table><tr><th>a<tr><td>", unit: " <i></i>" }),
  of("html", "framesets", { unit: "<frameset>" }),
  of("html", "selected cells", {
    schema: "div table",
    head: "<div>".repeat(200),
    unit: "<table><tr><th></table>",
  }),
  of("html", "selected by siblings", { schema: "p ~ p ~ p ~ table", unit: "<p></p>" }),
  of("html", "selected by containing", { schema: ":has(table)", unit: "<p></p>" }),
  of("html", "selected by place", { schema: ":nth-last-child(2n of p)", unit: "<p></p>" }),

  of("markdown", "headings", { unit: "# a\n" }),
  of("markdown", "paragraphs", { unit: "a\n\n" }),
  of("markdown", "one paragraph", { unit: "a\n" }),
  of("markdown", "empty lines", { unit: "\n" }),
  of("markdown", "quotes within quotes", { unit: ">" }),
  of("markdown", "quotes", { unit: "> a\n\n" }),
  of("markdown", "quotes on many lines", { unit: ">>>>>>>>>> a\n" }),
  of("markdown", "quotes of different depths", { unit: i => `${">".repeat(i % 90)}a\n` }),
  of("markdown", "items within items", { unit: "- " }),
  of("markdown", "items", { unit: "- a\n" }),
  of("markdown", "numbered items", { unit: i => `${i}. a\n` }),
  of("markdown", "items of different depths", { unit: i => `${"  ".repeat(i % 90)}- a\n` }),
  of("markdown", "lists", { unit: "- a\n\n* b\n\n" }),
  of("markdown", "lines below an item", { head: "- a\n", unit: "\n  b\n" }),
  of("markdown", "stars", { head: "a ", unit: "*" }),
  of("markdown", "stars and letters", { unit: "*a " }),
  of("markdown", "emphasis", { unit: "*a*" }),
  of("markdown", "emphasis that is open", { unit: "**a *b " }),
  of("markdown", "emphasis within emphasis", { unit: "*a _b " }),
  of("markdown", "delimiters of lengths", { unit: i => `${"*".repeat((i % 9) + 1)}a` }),
  of("markdown", "closing delimiters", { unit: "a**b" + "c* " }),
  of("markdown", "strike through", { unit: "~~a" }),
  of("markdown", "strikes within strikes", { unit: "~~a~ " }),
  of("markdown", "deep emphasis", { unit: "*a **a ", middle: "b", close: " a** a*" }),
  of("markdown", "open brackets", { unit: "[" }),
  of("markdown", "open links", { unit: "[a](" }),
  of("markdown", "open links with space", { unit: "[a](<b" }),
  of("markdown", "links", { unit: "[a](b)" }),
  of("markdown", "links within brackets", { unit: "[", middle: "a", close: "](b)" }),
  of("markdown", "images within images", { unit: "![", middle: "a", close: "](b)" }),
  of("markdown", "open images", { unit: "![a" }),
  of("markdown", "brackets within brackets", { unit: "[", middle: "a", close: "]" }),
  of("markdown", "link titles", { unit: '[a](b "' }),
  of("markdown", "reference definitions", { unit: i => `[a${i}]: b\n` }),
  of("markdown", "reference definitions of one name", { unit: "[a]: b\n" }),
  of("markdown", "open reference definitions", { unit: "[a]: b 'c\n" }),
  of("markdown", "reference definitions without end", { unit: "[a\n" }),
  of("markdown", "uses of a reference", { head: `[a]: ${"b".repeat(9_999)}\n\n`, unit: "[a] " }),
  of("markdown", "references", { unit: i => `[a${i}] ` }),
  of("markdown", "backticks of different lengths", { unit: i => `${"`".repeat((i % 999) + 1)} ` }),
  of("markdown", "backticks", { head: "a ", unit: "`" }),
  of("markdown", "open code", { unit: "`a " }),
  of("markdown", "code", { unit: "`a`" }),
  of("markdown", "fences", { unit: "```\n" }),
  of("markdown", "a fence without end", { head: "```\n", unit: "a\n" }),
  of("markdown", "code blocks", { unit: "    a\n\n" }),
  of("markdown", "code blocks of spaces", { head: "    a\n", unit: "     \n" }),
  of("markdown", "escapes", { unit: "\\*" }),
  of("markdown", "entities", { unit: "&amp;" }),
  of("markdown", "open entities", { unit: "&" }),
  of("markdown", "open autolinks", { unit: "<a:" }),
  of("markdown", "autolinks", { unit: "<a:b>" }),
  of("markdown", "open tags", { unit: "<a " }),
  of("markdown", "tags", { unit: "<a>" }),
  of("markdown", "open comments", { unit: "a <!--" }),
  of("markdown", "open declarations", { unit: "a <!A " }),
  of("markdown", "open instructions", { unit: "a <?" }),
  of("markdown", "open character data", { unit: "a <![CDATA[" }),
  of("markdown", "attributes of a tag", { head: "<a", unit: " b" }),
  of("markdown", "HTML blocks", { unit: "<div>\n\n" }),
  of("markdown", "one HTML block", { head: "<div>\n", unit: "<b>\n" }),
  of("markdown", "tables", { unit: "|a|\n|-|\n\n" }),
  of("markdown", "rows", { head: "|a|\n|-|\n", unit: "|b|\n" }),
  of("markdown", "empty rows", { head: "|a|b|\n|-|-|\n", unit: "|\n" }),
  of("markdown", "columns times rows", {
    make: size => {
      const columns = Math.ceil(size / 20);
      const header = Array.from({ length: columns }, (_, i) => `a${i}|`).join("");
      return `|${header}\n|${"-|".repeat(columns)}\n${"|\n".repeat(size / 4)}`;
    },
  }),
  of("markdown", "columns", { make: size => `|${"a|".repeat(size / 4)}\n|${"-|".repeat(size / 4)}\n` }),
  of("markdown", "a row of pipes", { head: "|a|\n|-|\n", unit: "|" }),
  of("markdown", "lines of dashes", { unit: "-" }),
  of("markdown", "underlined headings", { unit: "a\n=\n" }),
  of("markdown", "a paragraph that never becomes a heading", { unit: "a\n    =\n" }),
  of("markdown", "lines of pipes", { unit: "a|b\n" }),
  of("markdown", "rulers", { unit: "***\n" }),
  of("markdown", "front matter", { head: "---\n", unit: "a: [b]\n", tail: "---\n" }),
  of("markdown", "front matter without end", { head: "---\n", unit: "--\n" }),
  of("markdown", "front matter of keys", { head: "---\n", unit: i => `a${i}: 1\n`, tail: "---\n" }),
  of("markdown", "tabs", { unit: "\t" }),
  of("markdown", "tabs in items", { unit: "-\t" }),
  of("markdown", "spaces", { head: "a", unit: " ", tail: "b" }),
  of("markdown", "hard breaks", { unit: "a  \n" }),
  of("markdown", "backslash breaks", { unit: "a\\\n" }),
  of("markdown", "one long word", { unit: "a" }),
  of("markdown", "underscores", { unit: "a_" }),
  of("markdown", "null characters", { unit: "\0" }),
  of("markdown", "quotes in items", { unit: "> - " }),
  of("markdown", "an address", { head: "[a](", unit: "(", middle: "b", close: ")" }),
  of("markdown", "an address in brackets", { head: "[a](<", unit: "\\<" }),
  of("markdown", "sections by name", { schema: "## b", unit: "## a\n" }),

  bytes("avro", "items of no bytes that are claimed", size => Buffer.concat([long(size), long(0)])),
  bytes("avro", "empty records that are claimed", size => Buffer.concat([long(0), long(size), long(0)])),
  bytes("avro", "blocks of one item of no bytes", size => repeat([2], size)),
  bytes("avro", "blocks with negative counts", size => repeat([1, 0], size)),
  bytes("avro", "a block of the most negative count", size =>
    Buffer.concat([Buffer.from("ffffffffffffffffff01", "hex"), repeat([0], size)]),
  ),
  bytes("avro", "empty texts", size => Buffer.concat([Buffer.from([0, 0]), long(size), repeat([0], size)])),
  bytes("avro", "entries of a map", size =>
    Buffer.concat([
      Buffer.from([0, 0, 0]),
      ...Array.from({ length: size / 8 }, (_, i) =>
        Buffer.concat([Buffer.from([2, 12]), Buffer.from(String(i).padStart(6, "0"))]),
      ),
      Buffer.from([0, 0, 0]),
    ]),
  ),
  bytes("avro", "entries of one name", size => Buffer.concat([Buffer.from([0, 0, 0]), long(size), repeat([0], size)])),
  bytes("avro", "branches of a union", size =>
    Buffer.concat([Buffer.from([0, 0, 0, 0]), long(size), repeat([0], size)]),
  ),
  bytes("avro", "empty records of a union", size =>
    Buffer.concat([Buffer.from([0, 0, 0, 0]), long(size), repeat([4], size)]),
  ),
  bytes("avro", "records within records", size => repeat([0, 0, 0, 0, 0, 2], size)),
  bytes("avro", "a text longer than the body", size =>
    Buffer.concat([Buffer.from([0, 0, 2]), long(2 ** 40), repeat([65], size)]),
  ),
  bytes("avro", "a long number", size => repeat([0xff], size)),

  bytes("protobuf", "empty messages", size => repeat([0x12, 0], size)),
  bytes("protobuf", "messages within messages", size => nestedMessages(size)),
  bytes("protobuf", "one message again and again", size => repeat([0x0a, 0], size)),
  bytes("protobuf", "packed numbers", size => Buffer.concat([Buffer.from([0x1a]), varint(size), repeat([1], size)])),
  bytes("protobuf", "empty packed numbers", size => repeat([0x1a, 0], size)),
  bytes("protobuf", "numbers that are not packed", size => repeat([0x18, 1], size)),
  bytes("protobuf", "empty texts", size => repeat([0x2a, 0], size)),
  bytes("protobuf", "empty entries", size => repeat([0x22, 0], size)),
  bytes("protobuf", "entries", size =>
    Buffer.concat(
      Array.from({ length: size / 10 }, (_, i) =>
        Buffer.concat([Buffer.from([0x22, 8, 0x0a, 6]), Buffer.from(String(i).padStart(6, "0"))]),
      ),
    ),
  ),
  bytes("protobuf", "longs", size => repeat([0x38, 1], size)),
  bytes("protobuf", "groups", size => repeat([0x33, 0x34], size)),
  bytes("protobuf", "open groups", size => repeat([0x33], size)),
  bytes("protobuf", "unknown fields", size => repeat([0x78, 1], size)),
  bytes("protobuf", "unknown groups", size => repeat([0x7b], size)),
  bytes("protobuf", "unknown groups with ends", size => repeat([0x7b, 0x7c], size)),
  bytes("protobuf", "a long number", size => repeat([0xff], size)),
  bytes("protobuf", "bytes", size => Buffer.concat([Buffer.from([0x42]), varint(size), repeat([1], size)])),

  of("text", "windows-1252 controls", { contentType: "text/plain; charset=windows-1252", unit: "\x80" }),
  bytes("text", "bytes that are not text", size => repeat([0xff], size)),
  bytes("text", "cut characters", size => repeat([0xf0, 0x9f], size)),
  of("text", "shift-jis", { contentType: "text/plain; charset=shift_jis", unit: "\x81" }),
  of("text", "iso-2022-jp", { contentType: "text/plain; charset=iso-2022-jp", unit: "\x1b$B" }),
  of("text", "gb18030", { contentType: "text/plain; charset=gb18030", unit: "\x81" }),
  bytes("json", "bytes that are not text", size => repeat([0x22, 0xff], size)),
  bytes("binary", "bytes", size => repeat([0], size)),
];

/**
 * The families of one way to send a body item by item.
 *
 * @type {readonly AnswerFamily[]}
 */
export const streamFamilies = [
  of("text/event-stream", "empty lines", { unit: "\n" }),
  of("text/event-stream", "a line without end", { unit: "a" }),
  of("text/event-stream", "a datum without end", { head: "data: ", unit: "a" }),
  of("text/event-stream", "lines of data", { unit: "data:\n" }),
  of("text/event-stream", "empty events", { unit: "data\n\n" }),
  of("text/event-stream", "events", { unit: "data:1\n\n" }),
  of("text/event-stream", "comments", { unit: ":\n" }),
  of("text/event-stream", "a comment without end", { head: ":", unit: "a" }),
  of("text/event-stream", "identifiers", { unit: "id:1\n" }),
  of("text/event-stream", "unknown fields", { unit: "a\n" }),
  of("text/event-stream", "carriage returns", { unit: "\r" }),
  of("text/event-stream", "CRLF", { unit: "\r\n" }),
  of("text/event-stream", "retries", { unit: "retry:1\n" }),
  of("text/event-stream", "types", { unit: "event:a\n" }),
  of("application/x-ndjson", "lines", { unit: "0\n" }),
  of("application/x-ndjson", "empty lines", { unit: "\n" }),
  of("application/x-ndjson", "blank lines", { unit: " \n" }),
  of("application/x-ndjson", "a line without end", { head: '"', unit: "a", tail: '"' }),
  of("application/x-ndjson", "blanks without end", { unit: " " }),
  of("application/json-seq", "records", { unit: "\x1e0" }),
  of("application/json-seq", "empty records", { unit: "\x1e" }),
  of("application/json-seq", "a record without end", { head: '\x1e"', unit: "a", tail: '"' }),
];

function of(format, name, { schema, contentType, make, ...parts }) {
  const encoding = contentType?.includes("charset") ? "latin1" : "utf8";
  const text = make ?? (size => grow(size, parts));
  return { format, name, schema, contentType, body: size => Buffer.from(text(size), encoding) };
}

function bytes(format, name, body) {
  return { format, name, body };
}

function grow(size, { head = "", unit, middle = "", close = "", tail = "" }) {
  const unitOf = typeof unit === "string" ? () => unit : unit;
  let text = "";
  let count = 0;
  for (; text.length + close.length * count < size; count++) text += unitOf(count);
  return head + text + middle + close.repeat(count) + tail;
}

function repeat(unit, size) {
  return Buffer.alloc(Math.floor(size / unit.length) * unit.length, Buffer.from(unit));
}

function varint(value) {
  const found = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) found.push((left % 128) | 128);
  return Buffer.from([...found, left]);
}

/** Writes a zigzag number of Avro. */
function long(value) {
  return varint(value * 2);
}

/** Returns messages that hold one each, as deep as the size says. */
function nestedMessages(size) {
  const parts = [];
  let length = 0;
  while (length < size) {
    const head = Buffer.concat([Buffer.from([0x0a]), varint(length)]);
    parts.unshift(head);
    length += head.length;
    if (parts.length > 20_000) break;
  }
  return Buffer.concat(parts);
}
