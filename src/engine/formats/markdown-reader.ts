import Markdown from "markdown-it";
import type { ValueCount } from "../../base/decode-limits.ts";
import { decodeText } from "./decode-text.ts";
import type { Decode } from "./raw-format.ts";
import { parseYaml } from "./yaml-reader.ts";

type Parser = InstanceType<typeof Markdown>;
type Token = ReturnType<Parser["parse"]>[number];

/** Values for which a token counts: it takes the memory of several. */
const VALUES_PER_TOKEN = 4;

/** A heading and the content up to the next one. */
interface Section {
  readonly heading: string;
  readonly level: number;
  readonly blocks: string[];
  readonly tables: object[][];
}

/** Creates a reader of Markdown. */
export function markdownReader(outputSchema: string | undefined): Decode {
  // HTML is parsed only to tell tags from text. It is not rendered.
  const parser = countTokens(new Markdown({ html: true }));
  return decodeText(
    (text, count, numbers) => {
      const { frontMatter, content } = splitFrontMatter(text);
      // The parser allocates five numbers for each line.
      count.add(countLines(content));
      const { intro, sections } = readSections(parser.parse(content, { count }), count);
      const wanted = outputSchema === undefined ? sections : sections.filter(headingMatcher(outputSchema));
      const tables = [
        ...(outputSchema === undefined ? intro.tables : []),
        ...wanted.flatMap(section => section.tables),
      ];
      return {
        frontMatter: frontMatter === undefined ? {} : requireMembers(parseYaml(frontMatter, count, numbers)),
        tables,
        sections: wanted.map(({ heading, level, blocks }) => ({
          heading,
          level,
          content: blocks.join("\n"),
        })),
      };
    },
    { lenient: true },
  );
}

/** Makes a parser count its tokens by the `count` in its environment. */
function countTokens(parser: Parser): Parser {
  const { block, inline } = parser;
  block.State = class extends block.State {
    override push(...token: Parameters<InstanceType<Parser["block"]["State"]>["push"]>): Token {
      (this.env as { count: ValueCount }).count.add(VALUES_PER_TOKEN);
      return super.push(...token);
    }
  };
  inline.State = class extends inline.State {
    override push(...token: Parameters<InstanceType<Parser["inline"]["State"]>["push"]>): Token {
      (this.env as { count: ValueCount }).count.add(VALUES_PER_TOKEN);
      return super.push(...token);
    }
  };
  return parser;
}

function countLines(text: string): number {
  let lines = 1;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) lines++;
  return lines;
}

/** Splits off the lines between two `---` at the very beginning. */
function splitFrontMatter(text: string): {
  readonly frontMatter: string | undefined;
  readonly content: string;
} {
  const opening = /^---[ \t]*\r?\n/.exec(text)?.[0].length;
  if (opening === undefined) return { frontMatter: undefined, content: text };
  const closing = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/gm;
  closing.lastIndex = opening;
  const end = closing.exec(text);
  if (end === null) return { frontMatter: undefined, content: text };
  return { frontMatter: text.slice(opening, end.index), content: text.slice(closing.lastIndex) };
}

function requireMembers(value: unknown): unknown {
  if (value === null) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value;
  throw new Error("its front matter has no members");
}

function headingMatcher(outputSchema: string): (section: Section) => boolean {
  const [, hashes = "", prefix = ""] = /^(#*)\s*(.*)$/s.exec(outputSchema.trim()) ?? [];
  return ({ heading, level }) => heading.startsWith(prefix) && (hashes === "" || level === hashes.length);
}

/** Reads the sections of a text. `intro` is the content before the first heading. */
function readSections(tokens: readonly Token[], count: ValueCount): { intro: Section; sections: Section[] } {
  const intro: Section = { heading: "", level: 0, blocks: [], tables: [] };
  const sections: Section[] = [];
  let section = intro;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    if (token.type === "heading_open" && token.level === 0) {
      const heading = inlineText(tokens[index + 1]?.children);
      section = { heading, level: Number(token.tag.slice(1)), blocks: [], tables: [] };
      sections.push(section);
      index += 2;
    } else if (token.type === "table_open" && token.level === 0) {
      const end = closeOf(tokens, index);
      section.tables.push(readTable(tokens.slice(index, end), count));
      index = end;
    } else {
      const text = blockText(token);
      if (text !== "") section.blocks.push(text);
    }
  }
  return { intro, sections };
}

function closeOf(tokens: readonly Token[], open: number): number {
  let index = open + 1;
  while (index < tokens.length && !(tokens[index]?.type === "table_close" && tokens[index]?.level === 0)) index++;
  return index;
}

/** Reads the rows of a table by the names in its first one. */
function readTable(tokens: readonly Token[], count: ValueCount): object[] {
  const rows: string[][] = [];
  for (const token of tokens) {
    if (token.type === "tr_open") rows.push([]);
    else if (token.type === "inline") rows.at(-1)?.push(inlineText(token.children));
  }
  const [header = [], ...others] = rows;
  return others.map(row => {
    count.add(header.length);
    return Object.fromEntries(header.map((name, column) => [name, row[column] ?? ""]));
  });
}

/** Returns the text of a leaf block. Lists and quotes consist of paragraphs. */
function blockText({ type, content, children }: Token): string {
  if (type === "inline") return inlineText(children);
  return type === "fence" || type === "code_block" ? content.trimEnd() : "";
}

/** Returns text without its marks and HTML tags. */
function inlineText(tokens: readonly Token[] | null | undefined): string {
  let text = "";
  for (const { type, content, children } of tokens ?? []) {
    if (type === "text" || type === "code_inline" || type === "text_special") text += content;
    else if (type === "softbreak" || type === "hardbreak") text += "\n";
    else if (type === "image") text += inlineText(children);
  }
  return text.trim();
}
