import { describe, expect, it } from "vitest";
import { descriptionText } from "../../../src/surfaces/cli/description-text.ts";
import { wrapText } from "../../../src/surfaces/cli/wrap-text.ts";
import { capabilityText, input } from "../../support/capability-text.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { runInTerminal } from "./fake-terminal.ts";

describe("descriptionText()", () => {
  it.each([
    ["Plain text", "Plain text"],
    ["<p>Lists all.</p>", "Lists all."],
    ["<p>One.</p><p>Two\nlines.</p>", "One.\n\nTwo lines."],
    ["One.<br>Two.<br/>Three.<BR />", "One.\nTwo.\nThree."],
    ['<p>Use <code>id</code>, <b>not</b> <i class="x">name</i></p>', "Use id, not name"],
    ['See <a href="https://a.test/b?c=1&amp;d=2">the docs</a>.', "See the docs (https://a.test/b?c=1&d=2)."],
    ["<a target=_blank href='/docs'>docs</a>", "docs (/docs)"],
    [
      '<a href="https://a.test">https://a.test</a> <a href="#x">here</a> <a name=x>there</a>',
      "https://a.test here there",
    ],
    ["<ul><li>one</li><li><p>two</p></li></ul>after", "- one\n- two\n\nafter"],
    ["<h2>Title</h2>text", "Title\n\ntext"],
    ["AT&amp;T &lt;id&gt; &#39;a&#x27; &eacute;&nbsp;&hellip;", "AT&T <id> 'a' é …"],
    ["&unknown; &#0; &#xD800; &#99999999; & &amp", "&unknown; &#0; &#xD800; &#99999999; & &amp"],
    ["A list of <id>, Map<string, List<a>> and a < b > c", "A list of <id>, Map<string, List<a>> and a < b > c"],
    ["if a<b then c>d, or x <i y> z", "if a<b then c>d, or x <i y> z"],
    ["<details><summary>More</summary>text</details>", "More\ntext"],
    ["# Title\n\n* one\n* two <br> more", "# Title\n\n* one\n* two\nmore"],
    ["before<!-- hidden <p> -->after <!-- open", "beforeafter <!-- open"],
    ["&amp;lt;p&amp;gt;", "&lt;p&gt;"],
    ["<p></p>", ""],
    ["</a><p>unbalanced <b>text", "unbalanced text"],
    ['<a href="/one">one <a href="/two">two</a> and</a>', "one two (/two) and"],
  ])("%j is %j", (html, text) => expect(descriptionText(html)).toBe(text));

  it.each([
    ...["<", "<a ", "<a href='", "<!--", "&#", "&a", "<p>", "<a href=x>", "</a>", "<li>\n", "\n \n"].map(
      piece => [piece, ""] as const,
    ),
    ["<a href=x>link ", "</a>"],
  ] as const)("takes time in proportion to a text of %j and as many %j", (piece, closing) => {
    const time = (count: number) => {
      const start = process.cpuUsage();
      descriptionText(`<p>${piece.repeat(count)}${closing.repeat(count)}`);
      return process.cpuUsage(start).user;
    };
    time(1_000);
    expect(time(160_000)).toBeLessThan(64 * Math.max(time(10_000), 2_000));
  });
});

describe("wrapText()", () => {
  it.each([
    ["short", 20, ["short"]],
    ["one two three four", 9, ["one two", "three", "four"]],
    ["- one two three", 9, ["- one two", "  three"]],
    ["a https://a.test/long/address b", 10, ["a", "https://a.test/long/address", "b"]],
    ["one\n\ntwo three", 5, ["one", "", "two", "three"]],
  ])("wraps %j at %d", (text, width, lines) => expect(wrapText(text, width)).toEqual(lines));
});

describe("on a terminal", () => {
  const long = `<p>${"Some words ".repeat(20)}</p><p>See <a href="https://docs.test">docs</a> \u001b[31m&#27;[0m</p>`;
  const file = {
    "shop.yaml": capabilityText({
      info: { label: "Shop", description: long },
      operations: [
        {
          name: "find",
          method: "GET",
          path: "/items/of/a/path/that/is/long",
          description: long,
          inputParameters: [input("q", "query", "string", { description: long })],
        },
      ],
    }),
  };

  it.each([
    ["describe", "shop.yaml"],
    ["describe", "shop.yaml", "find"],
    ["run", "shop.yaml", "--help"],
    ["run", "shop.yaml", "find", "--help"],
  ])("%j %j %j fit the width, as text", async (...args) => {
    const cwd = await temporaryFolder(file);
    for (const columns of [60, 80, 120]) {
      const { stdout } = await runInTerminal(args, { cwd, columns });
      const lines = stdout.split("\n").filter(line => !/^(File |naftiko run| {2}naftiko run|More of one)/.test(line));
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
      expect(stdout).toContain("Some words Some words");
      for (const markup of ["<p>", "</p>", "\u001b"]) expect(stdout).not.toContain(markup);
    }
  });
});
