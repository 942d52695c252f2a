import { type CST, isScalar, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { rangeOf as nodeRange } from "../document/node-range.ts";
import type { Comments } from "./comments.ts";
import type { NamedItem } from "./named-list.ts";
import { isBlank, type TextEdits } from "./text-edits.ts";

/** Place of a list. */
export interface ListPlace {
  /** Column of the key that the list is the value of. */
  readonly keyColumn: number;
  /** Columns that the lines around the list move to the right. */
  readonly shift: number;
}

/** Writer of lists as maps, by changes to the text. */
export class MapWriter {
  readonly #text: string;
  readonly #edits: TextEdits;
  readonly #comments: Comments;
  /** Columns that this file indents by. */
  readonly #step: number;

  constructor(text: string, edits: TextEdits, comments: Comments, step: number) {
    this.#text = text;
    this.#edits = edits;
    this.#comments = comments;
    this.#step = step;
  }

  /** Tells whether a list is written in a way that {@link write} can change. */
  canWrite(list: YAMLSeq): boolean {
    if (list.flow) return list.srcToken !== undefined;
    return dashesOf(list).every(dash => isBlank(this.#text.slice(this.#lineStartOf(dash), dash)));
  }

  /**
   * Writes a list as a map.
   *
   * @returns the columns that the lines of each item move to the right
   */
  write(list: YAMLSeq, items: readonly NamedItem[], place: ListPlace): number[] {
    return list.flow ? this.#writeInBrackets(list, items, place) : this.#writeOnLines(list, items, place);
  }

  #writeInBrackets(list: YAMLSeq, items: readonly NamedItem[], { shift }: ListPlace): number[] {
    const [start, end] = rangeOf(list);
    this.#edits.replace(start, start + 1, "{");
    for (const { object, key, pair } of items) {
      const [brace] = rangeOf(object);
      this.#edits.replace(brace, brace, `${key}: `);
      if (pair !== undefined) this.#removeInBraces(object, pair);
    }
    this.#edits.replace(end - 1, end, "}");
    return items.map(() => shift);
  }

  #writeOnLines(list: YAMLSeq, items: readonly NamedItem[], { keyColumn, shift }: ListPlace): number[] {
    const lines: ItemLines[] = dashesOf(list).map((dash, index) => {
      const { object } = items[index] as NamedItem;
      const first = this.#edits.columnOf(firstKeyOf(object) ?? dash);
      const column = this.#edits.columnOf(dash);
      // A map begins to the right of its key; a list may begin below it.
      const dashShift = shift + (column > keyColumn ? 0 : this.#step);
      const missing = object.flow ? 0 : Math.max(0, this.#step - (first - column));
      return { dash, column: first, shift: dashShift + missing, dashShift, isFlow: object.flow === true };
    });
    this.#indent(list, lines);
    for (const [index, item] of items.entries()) {
      const place = lines[index] as ItemLines;
      if (place.isFlow) this.#writeBraces(item, place.dash);
      else this.#writeBlock(item, place);
    }
    return lines.map(line => line.shift);
  }

  /** Turns `- { name: a, … }` into `a: { … }`. */
  #writeBraces({ object, key, pair }: NamedItem, dash: number): void {
    const [brace] = rangeOf(object);
    if (isBlank(this.#text.slice(dash + 1, brace)) && this.#isSameLine(dash, brace)) {
      this.#edits.replace(dash, brace, `${key}: `);
    } else this.#edits.replace(dash, dash + 1, `${key}:`);
    if (pair !== undefined) this.#removeInBraces(object, pair);
  }

  /** Turns `- name: a` and the lines below it into `a:` and the lines below it. */
  #writeBlock({ object, key, pair }: NamedItem, { dash, column, shift }: ItemLines): void {
    const name = pair === undefined ? undefined : this.#findName(pair);
    const head = object.items.length === (name === undefined ? 0 : 1) ? `${key}: {}` : `${key}:`;
    const first = this.#skipSpaces(dash + 1);
    if (name?.start === first) {
      this.#edits.replace(dash, name.end, head);
    } else if (!this.#isSameLine(dash, first) || this.#comments.at(first) !== undefined) {
      // The map begins on the line below the dash, and a comment behind the name stays on its line.
      this.#edits.replace(dash, dash + 1, head);
      if (name?.comment === undefined) this.#removeName(name);
      else this.#edits.replace(name.start, name.commentStart, "");
    } else {
      const line = name?.comment === undefined ? head : `${head} ${name.comment}`;
      this.#edits.replace(dash, first, line + this.#lineBreakOf(dash) + " ".repeat(column + shift));
      this.#removeName(name);
    }
  }

  #findName(pair: Pair): WrittenName {
    const [start, end] = rangeOfPair(pair);
    const commentStart = this.#skipSpaces(end);
    return { start, end, commentStart, comment: this.#comments.at(commentStart) };
  }

  #removeName(name: WrittenName | undefined): void {
    if (name === undefined) return;
    const { start, end, comment, commentStart } = name;
    this.#edits.remove(start, comment === undefined ? end : commentStart + comment.length);
  }

  /** Removes a member of a map in braces with one of the commas around it. */
  #removeInBraces(object: YAMLMap, pair: Pair): void {
    const [start, end] = rangeOfPair(pair);
    const [brace, behind] = rangeOf(object);
    const inside = this.#text.slice(brace + 1, start) + this.#text.slice(end, behind - 1);
    if (object.items.length === 1 && /^[\s,]*$/.test(inside)) {
      this.#edits.replace(brace + 1, behind - 1, "");
      return;
    }
    const members = (object.srcToken as CST.FlowCollection).items;
    const index = members.findIndex(({ key }) => key === pair.srcToken?.key);
    const next = commaOf(members[index + 1]);
    if (next !== undefined && isBlank(this.#text.slice(end, next))) {
      this.#edits.remove(start, this.#skipSpaces(next + 1));
      return;
    }
    const previous = next ?? commaOf(members[index]);
    if (previous !== undefined && previous < start && isBlank(this.#text.slice(previous + 1, start))) {
      this.#edits.replace(previous, end, "");
      return;
    }
    // A comment stands between the member and its comma.
    if (previous !== undefined) this.#edits.replace(previous, previous + 1, "");
    this.#edits.remove(start, end);
  }

  #indent(list: YAMLSeq, items: readonly ItemLines[]): void {
    const [first] = items;
    if (first === undefined) return;
    const end = this.#lastLineOf(list);
    const byLine = new Map(items.map(item => [this.#edits.lines.at(item.dash), item]));
    let start = this.#edits.lines.at(first.dash);
    while (start > 0 && this.#isBetween(start - 1)) start--;
    let current: ItemLines | undefined;
    for (let line = start; line < this.#edits.lines.count; line++) {
      const begun = byLine.get(line);
      current = begun ?? current;
      if (begun !== undefined) this.#edits.indentLine(line, begun.dashShift);
      else if (this.#isBetween(line)) this.#indentComment(line, current, first, line > end);
      else if (line > end) break;
      else if (current !== undefined) this.#edits.indentLine(line, current.shift);
    }
  }

  /** Moves a comment with the lines that it is aligned with. */
  #indentComment(line: number, item: ItemLines | undefined, first: ItemLines, isBehind: boolean): void {
    const column = this.#edits.columnOf(this.#skipSpaces(this.#edits.lines.start(line)));
    const dashColumn = this.#edits.columnOf(first.dash);
    if (item !== undefined && !item.isFlow && column >= item.column) this.#edits.indentLine(line, item.shift);
    else if (column > dashColumn || (column === dashColumn && !isBehind)) this.#edits.indentLine(line, first.dashShift);
  }

  /** Returns the last line of a list that holds more than a comment. */
  #lastLineOf(list: YAMLSeq): number {
    // The end may be behind the indentation of what follows.
    const end = this.#text.slice(0, rangeOf(list)[1]).trimEnd().length;
    let line = this.#edits.lines.at(Math.max(end - 1, 0));
    while (line > 0 && this.#isBetween(line)) line--;
    return line;
  }

  /** Tells whether a line is blank or holds only a comment. */
  #isBetween(line: number): boolean {
    const start = this.#edits.lines.start(line);
    const first = this.#skipSpaces(start);
    return isBlank(this.#text.slice(first, this.#edits.lines.end(line))) || this.#comments.at(first) !== undefined;
  }

  #skipSpaces(offset: number): number {
    let end = offset;
    while (this.#text[end] === " " || this.#text[end] === "\t") end++;
    return end;
  }

  #isSameLine(a: number, b: number): boolean {
    const line = this.#edits.lines.at(a);
    return b < this.#edits.lines.end(line) && !/^\r?\n/.test(this.#text.slice(b, b + 2));
  }

  #lineStartOf(offset: number): number {
    return this.#edits.lines.start(this.#edits.lines.at(offset));
  }

  #lineBreakOf(offset: number): string {
    return this.#text.slice(0, this.#edits.lines.end(this.#edits.lines.at(offset))).endsWith("\r\n") ? "\r\n" : "\n";
  }
}

/** Name on lines of its own, and the comment behind it. */
interface WrittenName {
  readonly start: number;
  readonly end: number;
  readonly commentStart: number;
  readonly comment: string | undefined;
}

interface ItemLines {
  /** Offset of the dash. */
  readonly dash: number;
  /** Column of the item's members. */
  readonly column: number;
  /** Columns that the item's lines move to the right. */
  readonly shift: number;
  /** Columns that the line with the dash moves to the right. */
  readonly dashShift: number;
  readonly isFlow: boolean;
}

function dashesOf(list: YAMLSeq): number[] {
  const { items } = list.srcToken as CST.BlockSequence;
  return items.flatMap(({ start }) => start.filter(({ type }) => type === "seq-item-ind").map(dash => dash.offset));
}

function firstKeyOf(object: YAMLMap): number | undefined {
  const [first] = object.items;
  return isScalar(first?.key) ? nodeRange(first.key)?.[0] : undefined;
}

function commaOf(member: CST.CollectionItem | undefined): number | undefined {
  return member?.start.find(({ type }) => type === "comma")?.offset;
}

function rangeOfPair(pair: Pair): readonly [start: number, end: number] {
  return [rangeOf(pair.key)[0], rangeOf(pair.value)[1]];
}

/** Returns the range of a node that was parsed, and so has one. */
function rangeOf(node: unknown): readonly [start: number, end: number] {
  return nodeRange(node) as readonly [number, number];
}
