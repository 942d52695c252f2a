import { isObject, type JsonObject } from "../../../base/json-object.ts";
import { setMember } from "../../../base/set-member.ts";
import { replaceHostile } from "../../../base/visible-text.ts";
import type { Tool } from "../../../tools/tool.ts";
import type { McpOffer, PromptEntry, ResourceEntry, ResourceTemplateEntry } from "../offer.ts";
import type { Era } from "./era.ts";

const described: Readonly<Record<Era, WeakMap<McpOffer, readonly JsonObject[]>>> = {
  legacy: new WeakMap(),
  modern: new WeakMap(),
};

/** Returns the tools of an offer as `tools/list` has them. They are written once. */
export function listedTools(offer: McpOffer, era: Era): readonly JsonObject[] {
  let tools = described[era].get(offer);
  if (tools === undefined) {
    tools = offer.tools.map(tool => describeTool(tool, era));
    described[era].set(offer, tools);
  }
  return tools;
}

function describeTool(tool: Tool, era: Era): JsonObject {
  const { name, title, description, writtenSchema, annotations } = tool;
  const isAsWritten = era === "legacy" && writtenSchema !== undefined;
  const inputSchema = isAsWritten ? writtenSchema : tool.inputSchema;
  // Before 2026-07-28, only objects could be described.
  const isDescribed = era === "modern" || (!isAsWritten && tool.outputSchema?.["type"] === "object");
  const outputSchema = isDescribed ? tool.outputSchema : undefined;
  return plain({
    name,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations: { ...annotations } }),
  });
}

/** Returns an entry of a list of resources, templates or prompts as clients get it. */
export function listedEntry(entry: ResourceEntry | ResourceTemplateEntry | PromptEntry): JsonObject {
  return plain({ ...entry });
}

/** Returns the texts of a server about itself. */
export function serverInfo({ name, title, version }: McpOffer): { name: string; version: string; title?: string } {
  return { name, version, ...(title === undefined ? {} : { title: plainText(title) }) };
}

/** Returns `text` without characters that steer, reorder or hide: an agent reads what people cannot see. */
export function plainText(text: string): string {
  return replaceHostile(text, () => "");
}

/** Members whose texts come from files and are read by models, at any depth of a schema. */
const READ: ReadonlySet<string> = new Set(["title", "description", "message"]);

/** Copies what is listed, without members that are `undefined`; its texts are plain. */
function plain(value: JsonObject): JsonObject {
  return plainValue(value, undefined) as JsonObject;
}

function plainValue(value: unknown, name: string | undefined): unknown {
  if (typeof value === "string") return name !== undefined && READ.has(name) ? plainText(value) : value;
  if (Array.isArray(value)) return value.map(item => plainValue(item, undefined));
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value))
    if (member !== undefined) setMember(copy, key, plainValue(member, key));
  return copy;
}
