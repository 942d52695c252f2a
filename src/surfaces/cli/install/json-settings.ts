import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { isJsonObject } from "../../../base/json-object.ts";
import { type SettingsFormat, SettingsProblem } from "./settings-format.ts";

// `modify` of jsonc-parser lays the lines around a change out anew, where it lays out what it adds. So the text is added
// here, by the offsets of its tree.

/** JSON with comments, and with commas at the ends of lists, as editors read their settings. */
export const jsonSettings: SettingsFormat = {
  servers(text, member) {
    const root = treeOf(text);
    if (root === undefined) return {};
    requireObject(root, text, "the file");
    const node = findNodeAtLocation(root, [member]);
    if (node === undefined) return {};
    requireObject(node, text, `"${member}"`);
    const servers: unknown = getNodeValue(node);
    return isJsonObject(servers) ? servers : {};
  },

  withServer(text, member, name, entry) {
    const root = treeOf(text);
    if (root === undefined) return `${text}${JSON.stringify({ [member]: { [name]: entry } }, null, 2)}\n`;
    if (findNodeAtLocation(root, [member]) === undefined) return withMember(text, [member], { [name]: entry });
    const present = findNodeAtLocation(root, [member, name]);
    if (present?.type !== "object") return withMember(text, [member, name], entry);
    return Object.entries(entry).reduce(
      (changed, [key, value]) => withMember(changed, [member, name, key], value),
      text,
    );
  },
};

/** Returns the text with one member set, of an object that is there. */
function withMember(text: string, path: readonly [string, ...string[]], value: unknown): string {
  const root = treeOf(text) as Node;
  const present = findNodeAtLocation(root, [...path]);
  if (present !== undefined) {
    if (JSON.stringify(getNodeValue(present)) === JSON.stringify(value)) return text;
    const end = present.offset + present.length;
    return text.slice(0, present.offset) + laidOut(value, text, lineIndent(text, present.offset)) + text.slice(end);
  }
  const parent = findNodeAtLocation(root, path.slice(0, -1)) as Node;
  return withNewMember(text, parent, path.at(-1) as string, value);
}

function withNewMember(text: string, parent: Node, name: string, value: unknown): string {
  const eol = lineEnd(text);
  const last = parent.children?.at(-1);
  if (last === undefined) {
    const outer = lineIndent(text, parent.offset);
    const inner = outer + indentUnit(text);
    const added = `${eol}${inner}${JSON.stringify(name)}: ${laidOut(value, text, inner)}`;
    const start = parent.offset + 1;
    // A comment in an empty object stays behind the new member.
    const rest = text.slice(start);
    const space = /^\s*(?=\})/.exec(rest)?.[0];
    return text.slice(0, start) + added + (space === undefined ? rest : eol + outer + rest.slice(space.length));
  }
  const end = last.offset + last.length;
  const isInline = !/[\r\n]/.test(text.slice(parent.offset, last.offset));
  if (isInline) return `${text.slice(0, end)}, ${JSON.stringify(name)}: ${JSON.stringify(value)}${text.slice(end)}`;
  const inner = lineIndent(text, last.offset);
  const { comma, line } = endOfMember(text, end);
  const added = `${eol}${inner}${JSON.stringify(name)}: ${laidOut(value, text, inner)}${comma ? "," : ""}`;
  return text.slice(0, end) + (comma ? "" : ",") + text.slice(end, line) + added + text.slice(line);
}

/** A comma, a comment, or the space between them. */
const BETWEEN = /,|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|\s+/y;

/** Finds what follows a member: whether a comma does, and where the line with its comments ends. */
function endOfMember(text: string, end: number): { readonly comma: boolean; readonly line: number } {
  let comma = false;
  let line = end;
  let isSameLine = true;
  BETWEEN.lastIndex = end;
  for (let found = BETWEEN.exec(text); found !== null; found = BETWEEN.exec(text)) {
    const [token] = found;
    if (token === ",") comma = true;
    else if (/[\r\n]/.test(token)) isSameLine = false;
    if (token === "," || (isSameLine && token.startsWith("/"))) line = BETWEEN.lastIndex;
  }
  return { comma, line };
}

/** @returns `undefined` for a text with nothing but space and comments */
function treeOf(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [first] = errors;
  if (first !== undefined) throw new SettingsProblem(reasonOf(first), placeOf(text, first.offset));
  return root;
}

/** Returns the words of a code such as `ColonExpected`. */
function reasonOf({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/\B[A-Z]/g, letter => ` ${letter}`)
    .toLowerCase();
}

function requireObject(node: Node, text: string, what: string): void {
  if (node.type !== "object")
    throw new SettingsProblem(`${what} is no object, found ${node.type}`, placeOf(text, node.offset));
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Returns a value in the layout of a text, whose lines after the first are indented. */
function laidOut(value: unknown, text: string, indent: string): string {
  return JSON.stringify(value, null, indentUnit(text)).replaceAll("\n", lineEnd(text) + indent);
}

function lineEnd(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function indentUnit(text: string): string {
  return /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ";
}

/** Returns the space that the line of an offset begins with. */
function lineIndent(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? "";
}
