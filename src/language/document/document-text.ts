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

/** Returns a part of a document with the keys of the language first: the part itself if it is in that order. */
function inOrder(part: JsonObject, name: PartName): JsonObject {
  const { keys, parts = {}, lists = {} } = PARTS[name];
  const changed = new Map<string, unknown>();
  let last = -1;
  let isOrdered = true;
  for (const key of Object.keys(part)) {
    const place = keys.indexOf(key);
    const rank = place < 0 ? keys.length : place;
    isOrdered &&= rank >= last;
    last = rank;
    const held = part[key];
    const ofItems = member(lists, key);
    const ofPart = member(parts, key);
    const ordered =
      ofItems !== undefined && Array.isArray(held)
        ? itemsInOrder(held, ofItems)
        : ofPart !== undefined && isJsonObject(held)
          ? inOrder(held, ofPart)
          : held;
    if (ordered !== held) changed.set(key, ordered);
  }
  if (isOrdered && changed.size === 0) return part;
  const known = keys.filter(key => Object.hasOwn(part, key));
  const others = Object.keys(part).filter(key => !keys.includes(key));
  return Object.fromEntries([...known, ...others].map(key => [key, changed.has(key) ? changed.get(key) : part[key]]));
}

function itemsInOrder(items: readonly unknown[], name: PartName): readonly unknown[] {
  const ordered = items.map(item => (isJsonObject(item) ? inOrder(item, name) : item));
  return ordered.every((item, index) => item === items[index]) ? items : ordered;
}
