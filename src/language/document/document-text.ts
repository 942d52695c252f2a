import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import { yamlText } from "../../base/yaml-text.ts";

/**
 * Writes a capability document as the text of a file. The keys of the language stand in one order, whatever the order in
 * the document, so that two documents of the same content are the same text; other keys come behind them. Reading the
 * text gives the document.
 */
export function documentText(document: JsonObject, form: "yaml" | "json"): string {
  const ordered = inOrder(document, "document");
  return form === "yaml" ? yamlText(ordered) : `${stringify(ordered, 2)}\n`;
}

interface Part {
  /** Keys in the order of the written file. */
  readonly keys: readonly string[];
  /** Kinds of the members that are objects. */
  readonly parts?: Readonly<Record<string, PartName>>;
  /** Kinds of the items of the members that are lists. */
  readonly lists?: Readonly<Record<string, PartName>>;
}

type PartName =
  | "document"
  | "info"
  | "bind"
  | "capability"
  | "adapter"
  | "authentication"
  | "resource"
  | "operation"
  | "parameter"
  | "output"
  | "body"
  | "bodyPart";

const PARTS: Readonly<Record<PartName, Part>> = {
  document: {
    keys: ["naftiko", "ikanos", "info", "imports", "binds", "consumes", "aggregates", "exposes", "capability"],
    parts: { info: "info", capability: "capability" },
    lists: { binds: "bind", consumes: "adapter" },
  },
  info: {
    keys: ["label", "display", "description", "version", "tags", "created", "modified", "stakeholders"],
  },
  bind: { keys: ["namespace", "description", "location", "keys"] },
  capability: {
    keys: ["description", "binds", "consumes", "aggregates", "exposes"],
    lists: { binds: "bind", consumes: "adapter" },
  },
  adapter: {
    keys: [
      "type",
      "namespace",
      "import",
      "location",
      "from",
      "as",
      "description",
      "baseUri",
      "authentication",
      "inputParameters",
      "resources",
      "x-schemas",
    ],
    parts: { authentication: "authentication" },
    lists: { inputParameters: "parameter", resources: "resource" },
  },
  authentication: {
    keys: ["type", "key", "value", "placement", "username", "password", "token", "grant", "authorizationServerUri"],
  },
  resource: {
    keys: ["name", "label", "description", "path", "inputParameters", "operations"],
    lists: { inputParameters: "parameter", operations: "operation" },
  },
  operation: {
    keys: [
      "name",
      "label",
      "description",
      "tags",
      "method",
      "path",
      "inputParameters",
      "body",
      "outputRawFormat",
      "outputSchema",
      "outputParameters",
      "x-schema",
    ],
    parts: { body: "body" },
    lists: { inputParameters: "parameter", outputParameters: "output" },
  },
  parameter: {
    keys: ["name", "in", "type", "description", "required", "value", "template", "default", "enum"],
  },
  output: { keys: ["name", "type", "description", "value", "mapping"] },
  body: { keys: ["type", "data"], lists: { data: "bodyPart" } },
  bodyPart: { keys: ["name", "value", "filename", "contentType"] },
};

/** Returns a part of a document with the keys of the language first. */
function inOrder(part: JsonObject, name: PartName): JsonObject {
  const { keys, parts = {}, lists = {} } = PARTS[name];
  const members: [string, unknown][] = [];
  const add = (key: string) => {
    const held = part[key];
    const ofPart = member(parts, key);
    const ofItems = member(lists, key);
    if (ofItems !== undefined && Array.isArray(held))
      members.push([key, held.map(item => (isJsonObject(item) ? inOrder(item, ofItems) : item))]);
    else members.push([key, ofPart !== undefined && isJsonObject(held) ? inOrder(held, ofPart) : held]);
  };
  for (const key of keys) if (Object.hasOwn(part, key)) add(key);
  if (members.length < Object.keys(part).length) for (const key of Object.keys(part)) if (!keys.includes(key)) add(key);
  return Object.fromEntries(members);
}
