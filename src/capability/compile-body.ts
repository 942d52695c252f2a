import type { RequestBody } from "../document/document-types.ts";
import { parseTemplate } from "../expression/template.ts";
import { compileTemplate, resolveReference, type TemplateContext } from "./compile-template.ts";
import type { BodyNode, DeclaredBody, Template, TemplatePart } from "./types.ts";

/** Compiles a declared body: a plain string is a JSON template (language chapter 5.6). */
export function compileBody(
  declaration: RequestBody,
  context: TemplateContext,
  pointer: string,
): DeclaredBody {
  // Bare bind names are for credentials and parameter values; a body's text is its own.
  const bodyContext = { ...context, bareNames: false };
  if (typeof declaration === "string")
    return { type: "json", content: jsonTemplate(declaration, bodyContext), pointer };
  const { type, data } = declaration;
  const content =
    type === "json" && typeof data === "string"
      ? jsonTemplate(data, bodyContext)
      : dataNode(data, bodyContext);
  return { type, content, pointer: `${pointer}/data` };
}

/** Walks structured data: a string that is one placeholder keeps its value's type (language chapter 4.5). */
function dataNode(data: unknown, context: TemplateContext): BodyNode {
  if (typeof data === "string") {
    const template = compileTemplate(data, context);
    const [only] = template.parts;
    if (template.parts.length === 1 && typeof only === "object") return { kind: "value", template };
    return template.parts.some(part => typeof part === "object")
      ? { kind: "text", template }
      : { kind: "constant", value: data };
  }
  if (Array.isArray(data)) return { kind: "array", items: data.map(item => dataNode(item, context)) };
  if (typeof data !== "object" || data === null) return { kind: "constant", value: data };
  return {
    kind: "object",
    members: Object.entries(data).map(([name, value]) => [
      compileTemplate(name, context),
      dataNode(value, context),
    ]),
  };
}

/**
 * Compiles a JSON text with placeholders. A placeholder inside a string literal becomes part of that string, one that
 * stands alone becomes a JSON value. A text that is no JSON even so is kept as text: a header may declare another type.
 */
function jsonTemplate(text: string, context: TemplateContext): BodyNode {
  const parsed = parseTemplate(text, "double");
  if (!parsed.ok) throw new TypeError(`Invalid body template: ${parsed.reason}`);
  const marked = markPlaceholders(text);
  let value: unknown;
  try {
    value = JSON.parse(marked.json);
  } catch {
    return { kind: "text", template: compileTemplate(text, context) };
  }
  return literalNode(value, marked, context);
}

/** JSON in which every placeholder is a marker that cannot occur in the text itself. */
interface MarkedJson {
  readonly json: string;
  readonly mark: string;
  readonly names: readonly string[];
}

function markPlaceholders(text: string): MarkedJson {
  let mark = "@";
  while (text.includes(mark)) mark += "@";
  const names: string[] = [];
  let json = "";
  let inString = false;
  for (let position = 0; position < text.length; position++) {
    const character = text[position] as string;
    const end = text.startsWith("{{", position) ? text.indexOf("}}", position) : -1;
    if (end >= 0) {
      const marker = `${mark}${names.length};`;
      names.push(text.slice(position + 2, end).trim());
      // Outside a string the marker stands alone, told from text by its leading "=".
      json += inString ? marker : `"${mark}=${marker}"`;
      position = end + 1;
      continue;
    }
    json += character;
    if (inString && character === "\\") json += text[++position] ?? "";
    else if (character === '"') inString = !inString;
  }
  return { json, mark, names };
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
  if (Array.isArray(value))
    return { kind: "array", items: value.map(item => literalNode(item, marked, context)) };
  if (typeof value !== "object" || value === null) return { kind: "constant", value };
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
