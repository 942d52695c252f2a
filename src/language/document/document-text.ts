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

/** What is known of a key in a part. */
interface KeyInPart {
  readonly rank: number;
  /** Kind of its value, if that is an object. */
  readonly part: PartName | undefined;
  /** Kind of the items of its value, if that is a list. */
  readonly items: PartName | undefined;
}

const KEYS: Readonly<Record<string, ReadonlyMap<string, KeyInPart>>> = Object.fromEntries(
  Object.entries(PARTS).map(([name, { keys, parts = {}, lists = {} }]) => [
    name,
    new Map(keys.map((key, rank) => [key, { rank, part: member(parts, key), items: member(lists, key) }])),
  ]),
);

/** Returns a part of a document with the keys of the language first: the part itself if it is in that order. */
function inOrder(part: JsonObject, name: PartName): JsonObject {
  const known = KEYS[name] as ReadonlyMap<string, KeyInPart>;
  const changed = new Map<string, unknown>();
  let last = -1;
  let isOrdered = true;
  for (const key of Object.keys(part)) {
    const found = known.get(key);
    const rank = found?.rank ?? known.size;
    isOrdered &&= rank >= last;
    last = rank;
    if (found === undefined) continue;
    const held = part[key];
    const ordered = valueInOrder(held, found);
    if (ordered !== held) changed.set(key, ordered);
  }
  if (isOrdered && changed.size === 0) return part;
  const { keys } = PARTS[name];
  const first = keys.filter(key => Object.hasOwn(part, key));
  const others = Object.keys(part).filter(key => !known.has(key));
  return Object.fromEntries([...first, ...others].map(key => [key, changed.has(key) ? changed.get(key) : part[key]]));
}

function valueInOrder(value: unknown, { part, items }: KeyInPart): unknown {
  if (items !== undefined && Array.isArray(value)) return itemsInOrder(value, items);
  return part !== undefined && isJsonObject(value) ? inOrder(value, part) : value;
}

function itemsInOrder(items: readonly unknown[], name: PartName): readonly unknown[] {
  let isChanged = false;
  const ordered = items.map(item => {
    const found = isJsonObject(item) ? inOrder(item, name) : item;
    isChanged ||= found !== item;
    return found;
  });
  return isChanged ? ordered : items;
}
