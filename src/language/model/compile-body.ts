import { isObject } from "../../base/json-object.ts";
import { parseExact } from "../../base/numbers/exact-json.ts";
import type { BodyDeclaration } from "../document/document-types.ts";
import { writtenMember } from "../document/written-numbers.ts";
import { parseTemplate } from "../expression/template.ts";
import { compileTemplate, mistakenIn, resolveReference, type TemplateContext } from "./compile-template.ts";
import type { BodyNode, DeclaredBody, Template, TemplatePart } from "./types.ts";

/** Compiles a declared body: a plain string is a JSON template (language chapter 5.6). */
export function compileBody(declaration: BodyDeclaration, context: TemplateContext, pointer: string): DeclaredBody {
  // Bare bind names are for credentials and parameter values; a body's text is its own.
  const bodyContext = { ...context, bareNames: false };
  const { type, data } =
    typeof declaration === "string"
      ? ({ type: "json", data: declaration } as const)
      : { type: declaration.type, data: writtenMember(declaration, "data") };
  const place = typeof declaration === "string" ? pointer : `${pointer}/data`;
  if (type !== "json" || typeof data !== "string")
    return { type, content: compileData(data, bodyContext), pointer: place };
  const text: BodyNode = { kind: "text", template: compileTemplate(data, bodyContext) };
  if (mistakenIn(data, bodyContext) !== undefined) return { type, content: text, text, pointer: place };
  return {
    type,
    content: jsonTemplate(data, bodyContext) ?? unparsedJson(data, bodyContext),
    text,
    pointer: place,
  };
}

/** Compiles structured data: a string that is one placeholder keeps its value's type (language chapter 4.5). */
export function compileData(data: unknown, context: TemplateContext): BodyNode {
  if (typeof data === "string") {
    const template = compileTemplate(data, context);
    const [only] = template.parts;
    if (template.parts.length === 1 && typeof only === "object") return { kind: "value", template };
    return template.parts.some(part => typeof part === "object")
      ? { kind: "text", template }
      : { kind: "constant", value: data };
  }
  if (Array.isArray(data))
    return { kind: "array", items: data.map((_, index) => compileData(writtenMember(data, String(index)), context)) };
  if (!isObject(data)) return { kind: "constant", value: data };
  return {
    kind: "object",
    members: Object.keys(data).map(name => [
      compileTemplate(name, context),
      compileData(writtenMember(data, name), context),
    ]),
  };
}

/**
 * Compiles a JSON text with placeholders. A placeholder inside a string literal becomes part of that string; one that
 * stands alone becomes a JSON value.
 *
 * @returns `undefined` if the text is not JSON with a value in place of each placeholder, and for one without
 *   placeholders, which is sent as it is
 */
function jsonTemplate(text: string, context: TemplateContext): BodyNode | undefined {
  const pieces = splitJson(text);
  if (pieces.every(piece => typeof piece === "string")) return undefined;
  const marked = markPlaceholders(pieces);
  try {
    return literalNode(parseExact(marked.json, "written"), marked, context);
  } catch (error) {
    // Too deep to walk counts as malformed: such a text is read when it has its values.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Returns a JSON text that its values complete. `quoted` tells how each is written. */
function unparsedJson(text: string, context: TemplateContext): BodyNode {
  const pieces = splitJson(text);
  const parts = pieces.map(piece => (typeof piece === "string" ? piece : resolveReference(piece.name, context)));
  const quoted = pieces.map(piece => typeof piece === "object" && piece.quoted);
  return { kind: "text", template: { text, parts }, quoted };
}

/** Piece of a text: literal text, or a placeholder and whether it stands inside a string. */
type JsonPiece = string | { readonly name: string; readonly quoted: boolean };

function splitJson(text: string): JsonPiece[] {
  const parsed = parseTemplate(text, "double");
  if (!parsed.ok) throw new TypeError(`Invalid body template: ${parsed.reason}`);
  let quoted = false;
  return parsed.parts.map(part => {
    if (typeof part !== "string") return { name: part.name, quoted };
    for (const [found] of part.matchAll(/\\.|"/gs)) if (found === '"') quoted = !quoted;
    return part;
  });
}

/** JSON with a marker for every placeholder. The text itself cannot hold the marker. */
interface MarkedJson {
  readonly json: string;
  readonly mark: string;
  readonly names: readonly string[];
}

function markPlaceholders(pieces: readonly JsonPiece[]): MarkedJson {
  const mark = unusedMark(pieces);
  const names: string[] = [];
  const json = pieces.map(piece => {
    if (typeof piece === "string") return piece;
    const marker = `${mark}${names.length};`;
    names.push(piece.name);
    // Outside a string the marker is a string of its own, with a leading "=" to tell it from text.
    return piece.quoted ? marker : `"${mark}=${marker}"`;
  });
  return { json: json.join(""), mark, names };
}

/** Returns one more "@" than stand together anywhere in the text. */
function unusedMark(pieces: readonly JsonPiece[]): string {
  let longest = 0;
  for (const piece of pieces) {
    if (typeof piece !== "string") continue;
    for (const [run] of piece.matchAll(/(?:@|\\u0040)+/g)) longest = Math.max(longest, run.length);
  }
  return "@".repeat(longest + 1);
}

function literalNode(value: unknown, marked: MarkedJson, context: TemplateContext): BodyNode {
  if (typeof value === "string") {
    const alone = value.startsWith(`${marked.mark}=`);
    const template = markedTemplate(alone ? value.slice(marked.mark.length + 1) : value, marked, context);
    if (alone) return { kind: "value", template };
    return template.parts.some(part => typeof part === "object")
      ? { kind: "text", template }
      : { kind: "constant", value };
  }
  if (Array.isArray(value)) return { kind: "array", items: value.map(item => literalNode(item, marked, context)) };
  if (!isObject(value)) return { kind: "constant", value };
  return {
    kind: "object",
    members: Object.entries(value).map(([name, member]) => [
      markedTemplate(name, marked, context),
      literalNode(member, marked, context),
    ]),
  };
}

function markedTemplate(text: string, { mark, names }: MarkedJson, context: TemplateContext): Template {
  const parts = text.split(new RegExp(`${mark}(\\d+);`)).flatMap((piece, index): readonly TemplatePart[] => {
    if (index % 2 === 0) return piece === "" ? [] : [piece];
    return [resolveReference(names[Number(piece)] ?? "", context)];
  });
  return { text, parts };
}
