import { getOrSet } from "../../base/get-or-set.ts";
import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import { pointedValue, pointerSegments } from "../../base/json-pointer.ts";
import type { CapabilityDocument } from "../document/document-types.ts";
import { resolvedWork } from "../model/exposed/resolved-work.ts";
import type { Forward, RestAdapter, RestOperation, RestResource } from "../model/exposed/types.ts";
import type { CapabilityModel } from "../model/types.ts";
import { exportedContact } from "./exported-contact.ts";
import { pathText } from "./exported-path.ts";
import { ExportedSchemas, OPENAPI_VERSIONS, type SpecVersion } from "./exported-schemas.ts";
import { exposedAnswer } from "./exposed-answer.ts";
import { ExposedErrors } from "./exposed-errors.ts";
import { exposedBody, exposedParameters } from "./exposed-inputs.ts";
import { exposedSecurity } from "./exposed-security.ts";
import { OperationIds } from "./operation-ids.ts";

/** Facts about a server that its adapter does not have. */
export interface ExposedFacts {
  readonly model: Pick<CapabilityModel, "name" | "info">;
  readonly document: CapabilityDocument;
  readonly version: SpecVersion;
  /** URL that the paths are below: a relative one is from where the document is read. By default that of the adapter. */
  readonly server?: string | undefined;
}

/** Writes what a REST adapter serves as an OpenAPI document. */
export function exportExposed(adapter: RestAdapter, facts: ExposedFacts): JsonObject {
  const { model, document, version, server = serverUrl(adapter) } = facts;
  const schemas = new ExportedSchemas(version, () => {});
  const security = adapter.authentication && exposedSecurity(adapter.authentication);
  const paths = new ExposedPaths();
  const ids = new OperationIds();
  const errors = new ExposedErrors();
  const shared = { schemas, ids, errors, hasSecurity: security !== undefined };
  const tags = new Map<string, string | undefined>();
  const add = (route: Route, method: string, written: JsonObject) => {
    const item = paths.itemOf(route);
    // The first of equal routes wins.
    if (METHODS.has(method) && item[method] === undefined) item[method] = written;
  };

  for (const resource of adapter.resources) {
    const route = paths.place(resource);
    for (const operation of resource.operations) {
      const method = operation.method.toLowerCase();
      if (!METHODS.has(method) || paths.itemOf(route)[method] !== undefined) continue;
      const named = tagsOf(resource, operation, document);
      for (const tag of named)
        tags.set(tag, tags.get(tag) ?? (tag === resource.name ? resource.description : undefined));
      add(route, method, describeOperation(operation, named, route, shared));
    }
  }
  for (const resource of adapter.resources) {
    if (resource.forward === undefined) continue;
    const route = paths.place(resource);
    for (const method of FORWARDED) add(route, method, describeForward(resource.forward, method, route, shared));
  }

  const { info } = model;
  for (const tag of info.tags) tags.set(String(tag), tags.get(String(tag)));
  const answers = errors.components(schemas);
  return {
    openapi: OPENAPI_VERSIONS[version],
    info: {
      title: info.label || model.name,
      ...(info.description || adapter.description ? { description: info.description || adapter.description } : {}),
      version: String(document.info?.version ?? "1.0.0"),
      ...exportedContact(document),
    },
    servers: [{ url: server }],
    security: security === undefined ? [] : [{ [security.name]: security.scopes }],
    ...(tags.size === 0
      ? {}
      : { tags: [...tags].map(([name, description]) => (description ? { name, description } : { name })) }),
    paths: paths.items,
    components: {
      ...(security === undefined ? {} : { securitySchemes: { [security.name]: security.scheme } }),
      ...(Object.keys(answers).length === 0 ? {} : { responses: answers, schemas: schemas.components }),
    },
  };
}

/** Methods that a path of OpenAPI may have. */
const METHODS: ReadonlySet<string> = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"]);

/** Methods of a forward in the document. It passes on the others too. */
const FORWARDED = ["get", "put", "post", "delete", "patch"] as const;

/** Returns the address that an adapter listens on, as its callers write it. */
function serverUrl({ address = "localhost", port }: RestAdapter): string {
  // Any port that is free is known when the server runs.
  if (port === 0) return "/";
  const host = ["0.0.0.0", "::", "[::]"].includes(address) ? "localhost" : address;
  return `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
}

/** What the operations of a document share. */
interface Shared {
  readonly schemas: ExportedSchemas;
  readonly ids: OperationIds;
  readonly errors: ExposedErrors;
  readonly hasSecurity: boolean;
}

function describeOperation(
  operation: RestOperation,
  tags: readonly string[],
  { names, template }: Route,
  { schemas, ids, errors, hasSecurity }: Shared,
): JsonObject {
  const operationId = ids.of(operation);
  const parameters = exposedParameters(operation, names, schemas);
  const body = exposedBody(operation, schemas);
  const { status, content } = exposedAnswer(operation, schemas);
  const description = [operation.description?.trim(), restNote(template, names)].filter(Boolean).join("\n\n");
  const hasInputs = parameters.length > 0 || body !== undefined;
  return {
    ...(tags.length === 0 ? {} : { tags }),
    summary: operation.label || operationId,
    ...(description === "" ? {} : { description }),
    operationId,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      [status]: { description: "Success", ...(content === undefined ? {} : { content }) },
      ...errors.of({ work: resolvedWork(operation).kind, hasInputs, hasSecurity }),
    },
  };
}

function describeForward(
  { adapter, trustedHeaders }: Forward,
  method: string,
  { names, template }: Route,
  { schemas, ids, errors, hasSecurity }: Shared,
): JsonObject {
  const operationId = ids.of({ name: `${method}-${adapter.namespace}` });
  const headers =
    trustedHeaders.length === 0 ? "" : ` Of its headers these are passed on: ${trustedHeaders.join(", ")}.`;
  const text = `Passes the request on to ${adapter.namespace} as it is.${headers}`;
  const hasBody = method !== "get" && method !== "delete";
  return {
    summary: `Forward ${method.toUpperCase()} to ${adapter.namespace}`,
    description: [text, restNote(template, names)].filter(Boolean).join("\n\n"),
    operationId,
    parameters: exposedParameters({ inputs: new Map() }, names, schemas),
    ...(hasBody ? { requestBody: { content: { "*/*": {} } } } : {}),
    responses: {
      "2XX": { description: "Answer of the API", content: { "*/*": {} } },
      ...errors.of({ work: "call", hasInputs: true, hasSecurity }),
    },
  };
}

/** Tells of a placeholder that matches several segments: OpenAPI has no word for it. */
function restNote(template: string, names: ReadonlyMap<string, string>): string {
  const name = names.get("path");
  return name !== undefined && template.endsWith(`{${name}}`)
    ? `The parameter "${name}" is the rest of the URL, which may have slashes.`
    : "";
}

/** Returns the tags of an operation: those of the file, or the name of its resource. */
function tagsOf(resource: RestResource, operation: RestOperation, document: CapabilityDocument): string[] {
  const declared = [resource.pointer, operation.pointer].flatMap(pointer => declaredTags(document, pointer));
  if (declared.length > 0) return [...new Set(declared)];
  return resource.name === undefined ? [] : [resource.name];
}

function declaredTags(document: CapabilityDocument, pointer: string): string[] {
  const found = pointedValue(document, pointerSegments(pointer));
  const tags = isJsonObject(found) ? member(found, "tags") : undefined;
  return Array.isArray(tags) ? tags.filter(tag => typeof tag === "string") : [];
}

/** Path of a resource in the document. */
interface Route {
  readonly template: string;
  /** Names of the placeholders of the template, by those of the resource's route. */
  readonly names: ReadonlyMap<string, string>;
}

/** The paths of a document. Routes that match the same requests share one, under the names of the first. */
class ExposedPaths {
  readonly items: Record<string, Record<string, unknown>> = {};
  readonly #known = new Map<string, { readonly template: string; readonly names: readonly string[] }>();

  place({ segments }: RestResource): Route {
    const placeholders = [
      ...new Set(segments.flatMap(segment => (typeof segment === "object" ? [segment.placeholder] : []))),
    ];
    const text = (nameOf: (placeholder: string) => string) =>
      behindSlash(
        segments
          .map(segment => (typeof segment === "string" ? pathText(segment) : `{${nameOf(segment.placeholder)}}`))
          .join(""),
      );
    const known = getOrSet(
      this.#known,
      text(name => String(placeholders.indexOf(name))),
      () => ({
        template: text(plainName),
        names: placeholders.map(plainName),
      }),
    );
    return {
      template: known.template,
      names: new Map(placeholders.map((name, index) => [name, known.names[index] ?? name])),
    };
  }

  itemOf({ template }: Pick<Route, "template">): Record<string, unknown> {
    const item = this.items[template] ?? {};
    this.items[template] = item;
    return item;
  }
}

/** Returns the name of a placeholder as it can stand in a template. */
function plainName(name: string): string {
  return name.replace(/[{}/?#]/g, "_");
}

function behindSlash(text: string): string {
  return `/${text.replace(/^\/+/, "")}`;
}
