import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import type { DescriptionVersion } from "./description.ts";

type Recognised =
  | { readonly ok: true; readonly version: DescriptionVersion }
  /** `reason` continues "Cannot import x: …". */
  | { readonly ok: false; readonly reason: string };

/**
 * Tells which version of OpenAPI a value is written in. Wrong and missing versions are read by what stands beside them.
 */
export function recogniseDescription(value: unknown): Recognised {
  if (!isJsonObject(value)) return refuse(`it is ${typeName(value)}, and a description is an object`);
  const other = OTHER_KINDS.find(({ matches }) => matches(value));
  if (other !== undefined) return refuse(other.reason);
  const version = versionOf(value);
  if (version === undefined)
    return refuse("it is no OpenAPI description: it has neither `openapi` nor `swagger` nor `paths`");
  if (typeof version === "object") return refuse(version.reason);
  const { paths, webhooks } = value as { readonly paths?: unknown; readonly webhooks?: unknown };
  if (isJsonObject(paths) && Object.keys(paths).length > 0) return { ok: true, version };
  if (isJsonObject(webhooks) && Object.keys(webhooks).length > 0)
    return refuse("it has webhooks only: those are calls that the API makes, and there is none to make to it");
  if (Object.hasOwn(value, "paths") && paths !== null && !isJsonObject(paths))
    return refuse(`its \`paths\` are ${typeName(paths)} and not an object`);
  return refuse(`it describes no operations: its \`paths\` are ${Object.hasOwn(value, "paths") ? "empty" : "missing"}`);
}

/**
 * Names the kind of a text that is neither JSON nor YAML of a description.
 *
 * @returns `undefined` if it is none that is known
 */
export function foreignText(text: string): string | undefined {
  return FOREIGN_TEXTS.find(({ pattern }) => pattern.test(text.slice(0, 2_000)))?.reason;
}

const FOREIGN_TEXTS: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  {
    pattern: /^\s*(?:<!--[\s\S]*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b/i,
    reason: "it is an HTML page: name the URL of the description itself, which the page may link to",
  },
  { pattern: /^\s*(?:<\?xml[\s\S]*?)?<(?:\w+:)?definitions\b/i, reason: "it is a WSDL description, not OpenAPI" },
  { pattern: /^\s*(?:<\?xml[\s\S]*?)?<(?:\w+:)?application\b/i, reason: "it is a WADL description, not OpenAPI" },
  { pattern: /^\s*<(?:\?xml|\w)/, reason: "it is XML, not OpenAPI" },
  { pattern: /^\s*#%RAML\b/, reason: "it is a RAML description, not OpenAPI" },
  { pattern: /^\s*FORMAT:\s*1A\b/, reason: "it is an API Blueprint, not OpenAPI" },
  { pattern: /^\s*syntax\s*=\s*["']proto\d["']/m, reason: "it is a Protocol Buffers file, not OpenAPI" },
  {
    pattern: /^\s*(?:import\s+"@typespec\/|using\s+TypeSpec\b)/m,
    reason: "it is TypeSpec: compile it to OpenAPI first",
  },
  {
    pattern:
      /^\s*(?:(?:"""[\s\S]*?"""|#[^\n]*)\s*)*(?:extend\s+)?(?:schema|type|interface|enum|union|input|scalar|directive)\s+@?\w*\s*(?:implements\b[^{]*|@[^{]*|=[^{]*|\([^)]*\)[^{]*)?[{\n]/,
    reason: "it is a GraphQL schema, not OpenAPI",
  },
];

interface OtherKind {
  readonly matches: (value: JsonObject) => boolean;
  readonly reason: string;
}

/** Descriptions of other kinds, by their marks. */
const OTHER_KINDS: readonly OtherKind[] = [
  {
    matches: has("asyncapi"),
    reason: "it is an AsyncAPI description, which is about messages; only OpenAPI can be imported",
  },
  {
    matches: has("arazzo"),
    reason:
      "it is an Arazzo description of workflows: import the OpenAPI descriptions that its `sourceDescriptions` name",
  },
  { matches: has("overlay"), reason: "it is an OpenAPI Overlay, a list of changes: apply it to its description first" },
  { matches: has("naftiko"), reason: "it is a capability already: `naftiko add` copies it" },
  { matches: has("ikanos"), reason: "it is a capability already: `naftiko add` copies it" },
  { matches: isPostman, reason: "it is a Postman collection: export it as OpenAPI first" },
  {
    matches: value => value["_type"] === "export" && Array.isArray(value["resources"]),
    reason: "it is an Insomnia export: export it as OpenAPI first",
  },
  { matches: isDiscovery, reason: "it is a Google Discovery document, not OpenAPI" },
  {
    matches: value =>
      isJsonObject(value["__schema"]) || (isJsonObject(value["data"]) && isJsonObject(value["data"]["__schema"])),
    reason: "it is a GraphQL schema, not OpenAPI",
  },
  {
    matches: value => isJsonObject(value["log"]) && Array.isArray(value["log"]["entries"]),
    reason: "it is a HAR recording: `naftiko import har` reads it",
  },
  {
    matches: value => typeof value["swaggerVersion"] === "string" || value["swaggerVersion"] === 1.2,
    reason: "it is Swagger 1, which is not read: convert it to OpenAPI first",
  },
  {
    matches: value => has("$schema")(value) && !has("paths")(value) && !has("openapi")(value),
    reason: "it is a JSON Schema, which describes no operations",
  },
];

function has(name: string): (value: JsonObject) => boolean {
  return value => Object.hasOwn(value, name);
}

function isPostman({ info, item, collection }: JsonObject): boolean {
  const inner = isJsonObject(collection) ? collection : { info, item };
  return Array.isArray(inner["item"]) && isJsonObject(inner["info"]);
}

function isDiscovery({ kind, discoveryVersion, resources }: JsonObject): boolean {
  return kind === "discovery#restDescription" || (discoveryVersion !== undefined && isJsonObject(resources));
}

/** Returns the version, or the reason why it is not read. `undefined` if nothing tells that it is a description. */
function versionOf(value: JsonObject): DescriptionVersion | { readonly reason: string } | undefined {
  const written = value["openapi"] ?? value["swagger"] ?? value["openapi_version"];
  const text = typeof written === "string" || typeof written === "number" ? String(written).trim() : "";
  const [, major, minor] = /^v?(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  if (major === "1") return { reason: `it is Swagger ${text}, which is not read: convert it to OpenAPI first` };
  if (major === "2") return "2.0";
  if (major === "3") return minor === "1" ? "3.1" : minor === "2" ? "3.2" : "3.0";
  if (major !== undefined)
    return { reason: `its version is ${JSON.stringify(text)}, and 2.0, 3.0, 3.1 and 3.2 are read` };
  if (!["openapi", "swagger", "paths", "webhooks"].some(name => Object.hasOwn(value, name))) return undefined;
  return SWAGGER_MEMBERS.some(name => Object.hasOwn(value, name)) ? "2.0" : "3.0";
}

/** Members that OpenAPI 3 has no more. */
const SWAGGER_MEMBERS = [
  "swagger",
  "definitions",
  "securityDefinitions",
  "host",
  "basePath",
  "schemes",
  "consumes",
  "produces",
];

function typeName(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

function refuse(reason: string): Recognised {
  return { ok: false, reason };
}
