import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import type { Description } from "./description.ts";
import { type DescriptionNode, placedAt } from "./description-node.ts";
import { isHttpUrl } from "./reference.ts";
import { swaggerBody } from "./swagger-body.ts";
import { isInBody, swaggerParameter } from "./swagger-parameter.ts";
import { schemeOf } from "./swagger-security.ts";

const METHODS: ReadonlySet<string> = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"]);

/** Members of an operation that OpenAPI 3 has in another form. */
const CHANGED: ReadonlySet<string> = new Set(["consumes", "parameters", "produces", "responses", "schemes"]);

/**
 * Returns the root of a Swagger 2.0 description in the shape of OpenAPI 3.0. Only the way to the schemas is made anew:
 * the schemas are those of the file, so that their references lead where they did. Of Swagger, they keep `x-nullable`,
 * and `type: file` for an answer.
 */
export function swaggerShape(description: Description, written: DescriptionNode): DescriptionNode {
  return new SwaggerReader(description, written).root();
}

class SwaggerReader {
  readonly #description: Description;
  readonly #root: DescriptionNode;
  readonly #value: JsonObject;
  /** The scheme of the first server. */
  readonly #scheme: string;
  /** Parameters that several operations refer to, by what is written. */
  readonly #parameters = new Map<unknown, JsonObject>();

  constructor(description: Description, root: DescriptionNode) {
    this.#description = description;
    this.#root = root;
    this.#value = root.value as JsonObject;
    this.#scheme = httpSchemes(this.#value["schemes"])[0] ?? this.#usualScheme();
  }

  root(): DescriptionNode {
    const root = this.#root;
    const { info, tags, externalDocs, security } = this.#value;
    const kept = Object.entries({ info, tags, externalDocs, security }).filter(([, value]) => value !== undefined);
    for (const [name, value] of kept) keepPlace(root.child(name), value);
    const definitions = root.child("securityDefinitions");
    const schemes = (definitions?.children() ?? []).map(([name, node]): [string, unknown] => {
      const scheme = this.#description.resolve(node);
      return [name, isJsonObject(scheme?.value) ? placedAt(schemeOf(scheme.value), scheme) : node.value];
    });
    const paths = root.child("paths");
    const items = (paths?.children() ?? []).map(([path, node]): [string, unknown] => [
      path,
      this.#pathItem(path, node),
    ]);
    return root.with({
      openapi: "3.0.3",
      ...Object.fromEntries(kept),
      servers: this.#servers(),
      paths: paths === undefined ? {} : placedAt(Object.fromEntries(items), paths),
      components: { securitySchemes: placedAt(Object.fromEntries(schemes), definitions ?? root) },
    });
  }

  #usualScheme(): string {
    const { location } = this.#root.file;
    return isHttpUrl(location) ? new URL(location).protocol.slice(0, -1) : "https";
  }

  #servers(): unknown[] {
    const schemes = httpSchemes(this.#value["schemes"]);
    return (schemes.length === 0 ? [this.#scheme] : schemes).map(scheme => this.#server(scheme));
  }

  #server(scheme: string): JsonObject {
    const { host, basePath } = this.#value;
    const base = typeof basePath === "string" ? basePath.replace(/^(?!\/|$)/, "/") : "";
    const place = this.#root.child("host") ?? this.#root.child("basePath") ?? this.#root;
    if (typeof host !== "string" || host.trim() === "") return placedAt({ url: base === "" ? "/" : base }, place);
    // Some write the scheme into the host.
    const name = host
      .trim()
      .replace(/^\w+:\/\//, "")
      .replace(/\/+$/, "");
    return placedAt({ url: `${scheme}://${name}${base}` }, place);
  }

  #pathItem(path: string, node: DescriptionNode): unknown {
    if (path.startsWith("x-")) return node.value;
    const item = this.#description.resolve(node);
    if (!isJsonObject(item?.value)) return item?.value;
    const shared = this.#parametersOf(item);
    const members = item.children().flatMap(([name, member]): [string, unknown][] => {
      if (METHODS.has(name.toLowerCase())) return [[name.toLowerCase(), this.#operation(member, shared)]];
      if (name !== "parameters") return [[name, member.value]];
      return [[name, this.#plainParameters(shared)]];
    });
    return placedAt(Object.fromEntries(members), item);
  }

  #operation(node: DescriptionNode, shared: readonly DescriptionNode[]): unknown {
    const operation = node.value;
    if (!isJsonObject(operation)) return operation;
    const own = this.#parametersOf(node);
    const inBody = [...own, ...shared.filter(given => !own.some(other => isSameParameter(given, other)))].filter(
      isInBody,
    );
    const kept = node.children().filter(([name]) => !CHANGED.has(name));
    for (const [, member] of kept) keepPlace(member, member.value);
    const consumes = mediaTypes(operation["consumes"]) ?? mediaTypes(this.#value["consumes"]) ?? [];
    const body = inBody.length === 0 ? undefined : swaggerBody(inBody, consumes, this.#description);
    const parameters = this.#plainParameters(own);
    return placedAt(
      {
        ...Object.fromEntries(kept.map(([name, member]) => [name, member.value])),
        ...(parameters.length === 0 ? {} : { parameters }),
        ...(body === undefined ? {} : { requestBody: body }),
        responses: this.#responses(node),
        ...this.#ownServers(operation["schemes"]),
      },
      node,
    );
  }

  /** An operation that has not the scheme of the others has a server of its own. */
  #ownServers(schemes: unknown): JsonObject {
    const [first] = httpSchemes(schemes);
    return first === undefined || httpSchemes(schemes).includes(this.#scheme) ? {} : { servers: [this.#server(first)] };
  }

  /** Returns the parameters of a path item or an operation, without references. */
  #parametersOf(node: DescriptionNode): DescriptionNode[] {
    const list = node.child("parameters");
    return (list?.children() ?? []).flatMap(([, item]) => this.#description.resolve(item) ?? []);
  }

  #plainParameters(parameters: readonly DescriptionNode[]): unknown[] {
    return parameters.filter(parameter => !isInBody(parameter)).map(parameter => this.#parameter(parameter));
  }

  #parameter(node: DescriptionNode): unknown {
    if (!isJsonObject(node.value)) return node.value;
    const known = this.#parameters.get(node.value);
    if (known !== undefined) return known;
    const parameter = placedAt(swaggerParameter(node, this.#description), node);
    this.#parameters.set(node.value, parameter);
    return parameter;
  }

  #responses(operation: DescriptionNode): unknown {
    const responses = operation.child("responses");
    if (responses === undefined) return {};
    const own = mediaTypes((operation.value as JsonObject)["produces"]);
    const produces = own ?? mediaTypes(this.#value["produces"]) ?? [];
    const entries = responses.children().map(([status, node]): [string, unknown] => {
      const response = status.startsWith("x-") ? node : this.#description.resolve(node);
      if (!isJsonObject(response?.value) || status.startsWith("x-")) return [status, response?.value];
      return [status, placedAt(contentOf(response, status, produces), response)];
    });
    return placedAt(Object.fromEntries(entries), responses);
  }
}

/** Returns a response with its schema by media type. */
function contentOf(response: DescriptionNode, status: string, produces: readonly string[]): JsonObject {
  const { schema: given, examples: _, ...others } = response.value as JsonObject;
  const schema = response.child("schema");
  if (schema !== undefined) keepPlace(schema, given);
  const isFile = isJsonObject(given) && given["type"] === "file";
  const types =
    produces.length > 0 || schema === undefined ? produces : [isFile ? "application/octet-stream" : JSON_TYPE];
  if (types.length === 0 || /^(?:1|204|205|304)/.test(status)) return others;
  const media = schema === undefined ? {} : { schema: given };
  return {
    ...others,
    content: Object.fromEntries(types.map(type => [type, placedAt({ ...media }, schema ?? response)])),
  };
}

const JSON_TYPE = "application/json";

function isSameParameter({ value: a }: DescriptionNode, { value: b }: DescriptionNode): boolean {
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  // An operation has one body, whatever it is called.
  return a["in"] === b["in"] && (a["name"] === b["name"] || a["in"] === "body");
}

function httpSchemes(schemes: unknown): string[] {
  const named = (Array.isArray(schemes) ? schemes : [schemes]).map(scheme => String(scheme).toLowerCase());
  return ["https", "http"].filter(scheme => named.includes(scheme));
}

/** Returns a list of media types; one alone may stand for it. */
function mediaTypes(value: unknown): string[] | undefined {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter(type => typeof type === "string" && type !== "") : undefined;
}

/** Remembers where an object of the file stands, which will be part of an object that is made. */
function keepPlace(node: DescriptionNode | undefined, value: unknown): void {
  if (node !== undefined && typeof value === "object" && value !== null) placedAt(value, node);
}
