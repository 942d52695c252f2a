import { isDeepStrictEqual } from "node:util";
import { getOrSet } from "../../base/get-or-set.ts";
import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import { consumedAdapters } from "../document/consumed.ts";
import type { CapabilityDocument, OperationDeclaration, Resource } from "../document/document-types.ts";
import { writtenValue } from "../document/written-numbers.ts";
import type { Adapter, CapabilityModel, Operation } from "../model/types.ts";
import { literalSecrets } from "../validation/without-literals.ts";
import { carryParts, type OperationPlace } from "./carried-parts.ts";
import { Description } from "./description.ts";
import type { ExportContext } from "./export-context.ts";
import { exportedBody } from "./exported-body.ts";
import { exportedContact } from "./exported-contact.ts";
import { type ExportedParameter, exportedParameters, inDeclaredOrder } from "./exported-parameters.ts";
import { type ExportedPath, exportedPath, pathParameters, queryParameters } from "./exported-path.ts";
import { exportedResponses } from "./exported-responses.ts";
import { ExportedSchemas, OPENAPI_VERSIONS, type SpecVersion } from "./exported-schemas.ts";
import { ExportedSecurity } from "./exported-security.ts";
import { exportedServers } from "./exported-servers.ts";
import { importDescription } from "./import-description.ts";
import { OperationIds } from "./operation-ids.ts";

/** Part of a capability that OpenAPI has no word for. */
export interface ExportFinding {
  /** Reference of the operation. */
  readonly operation: string;
  readonly message: string;
}

/** An OpenAPI document, and what it does not say. */
export interface OpenApiExport {
  readonly document: JsonObject;
  readonly findings: readonly ExportFinding[];
}

/**
 * Writes the consumed operations of a capability as an OpenAPI document, from which an import makes the capability again.
 *
 * @param adapters the adapters whose operations are written, in the order of the document
 */
export function exportOpenApi(
  model: CapabilityModel,
  document: CapabilityDocument,
  version: SpecVersion,
  adapters: readonly Adapter[],
): OpenApiExport {
  const secrets = literalSecrets(document);
  const { description, places, findings } = describe(model, document, version, adapters, secrets);
  const [first] = places;
  if (secrets.size > 0 && first !== undefined)
    findings.push({ operation: first.reference, message: "A credential that the file holds itself is not written" });
  const file = { location: "", text: "", value: description };
  const [imported] = importDescription(new Description(file, version, new Map()), { split: "none" });
  if (imported !== undefined)
    carryParts(description, places, imported.document, exactDocument(model, document, adapters, secrets));
  return { document: description, findings };
}

/** Returns the document that an import has to make: with the chosen adapters alone, and without its credentials. */
function exactDocument(
  model: CapabilityModel,
  document: CapabilityDocument,
  adapters: readonly Adapter[],
  secrets: ReadonlySet<string>,
): JsonObject {
  const exact = masked(writtenValue({ document }, "document"), secrets) as CapabilityDocument;
  if (adapters.length === model.adapters.length) return exact as unknown as JsonObject;
  const chosen = [...consumedAdapters(exact)].flatMap(({ adapter }, index) => {
    const found = model.adapters[index];
    return found !== undefined && adapters.includes(found) ? [adapter] : [];
  });
  // Parts that are exposed may call the adapters that are left out.
  const { consumes: _, exposes: __, aggregates: ___, capability, ...rest } = exact;
  const { consumes: ____, exposes: _____, aggregates: ______, ...others } = capability ?? {};
  return { ...rest, capability: { ...others, consumes: chosen } };
}

function masked(value: unknown, secrets: ReadonlySet<string>): unknown {
  if (secrets.size === 0) return value;
  if (typeof value === "string") {
    let text = value;
    for (const secret of secrets) text = text.replaceAll(secret, "***");
    return text;
  }
  if (Array.isArray(value)) return value.map(item => masked(item, secrets));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, masked(held, secrets)]));
}

interface Described {
  readonly description: Record<string, unknown>;
  /** The operations in the order of the capability. */
  readonly places: readonly (OperationPlace & { readonly reference: string })[];
  readonly findings: ExportFinding[];
}

/** Writes all that OpenAPI has a word for. */
function describe(
  model: CapabilityModel,
  document: CapabilityDocument,
  version: SpecVersion,
  adapters: readonly Adapter[],
  secrets: ReadonlySet<string>,
): Described {
  const findings: ExportFinding[] = [];
  const declared = declarationsOf(document);
  const declarations = new Map(model.operations.map((operation, index) => [operation, declared[index]]));
  const operations = model.operations.filter(({ adapter }) => adapters.includes(adapter));
  let current = operations[0];
  const report = (message: string) => {
    const operation = current?.reference ?? "";
    if (!findings.some(found => found.operation === operation && found.message === message))
      findings.push({ operation, message });
  };
  const schemas = new ExportedSchemas(version, report);
  const security = new ExportedSecurity(version, report);
  const paths = new ExportedPaths();
  const ids = new OperationIds();
  const [first] = operations;
  const servers = first === undefined ? [] : exportedServers(first);
  const common = first === undefined ? [] : security.requirements(first);

  const placed = operations.map(operation => {
    current = operation;
    return { operation, ...paths.place(operation, report) };
  });
  const resources = new Map<unknown, Set<string>>();
  for (const { operation, item } of placed) getOrSet(resources, item, () => new Set()).add(resourceOf(operation));

  const places = placed.map(({ operation, item, path, template, names }) => {
    current = operation;
    const context: ExportContext = { operation, document, version, schemas, secrets, report };
    const { resource, operation: written } = declarations.get(operation) ?? {};
    if (Object.keys(item).length === 0) Object.assign(item, pathTexts(resource));
    const isOnly = resources.get(item)?.size === 1;
    const own = exportedServers(operation);
    const needed = security.requirements(operation);
    const all = inDeclaredOrder([
      ...pathParameters(path, names, context),
      ...queryParameters(context),
      ...exportedParameters(context),
    ]);
    // The parameters of a resource are those of the path, unless other resources have the path too.
    const isShared = ({ pointer }: ExportedParameter) =>
      isOnly && pointer.startsWith(`${resourceOf(operation)}/inputParameters/`);
    shareParameters(item, all.filter(isShared));
    const parameters = all.filter(parameter => !isShared(parameter)).map(({ written }) => written);
    const body = exportedBody(context);
    const method = operation.method.toLowerCase();
    const operationId = ids.of(operation);
    item[method] = {
      ...declaredTags(written),
      ...exportedTexts(operation, operationId),
      operationId,
      ...declaredMembers(written),
      ...(isDeepStrictEqual(own, servers) ? {} : { servers: own }),
      ...(isDeepStrictEqual(needed, common) ? {} : { security: needed }),
      ...(parameters.length === 0 ? {} : { parameters }),
      ...(body === undefined ? {} : { requestBody: body }),
      responses: exportedResponses(context),
    };
    return { path: template, method, reference: operation.reference };
  });
  const { info } = model;
  const tags = new Set([
    ...operations.flatMap(found => tagsOf(declarations.get(found)?.operation)),
    ...info.tags.map(String),
  ]);
  const components = {
    ...(Object.keys(schemas.components).length === 0 ? {} : { schemas: inFileOrder(schemas.components, document) }),
    ...(Object.keys(security.schemes).length === 0 ? {} : { securitySchemes: security.schemes }),
  };
  const description = {
    openapi: OPENAPI_VERSIONS[version],
    info: {
      title: info.label || model.name,
      ...(info.description ? { description: info.description } : {}),
      version: String(document.info?.version ?? "1.0.0"),
      ...exportedContact(document),
    },
    servers,
    security: common,
    ...(tags.size === 0 ? {} : { tags: [...tags].map(name => ({ name })) }),
    paths: paths.items,
    ...(Object.keys(components).length === 0 ? {} : { components }),
  };
  return { description, places, findings };
}

interface Declarations {
  readonly resource: Resource;
  readonly operation: OperationDeclaration;
}

/** Lists the operations of a document as they are declared, in the order of the model. */
function declarationsOf(document: CapabilityDocument): readonly Declarations[] {
  return [...consumedAdapters(document)].flatMap(({ adapter }) =>
    (adapter.resources ?? []).flatMap(resource => resource.operations.map(operation => ({ resource, operation }))),
  );
}

/** Returns the pointer of the resource of an operation. */
function resourceOf({ pointer }: Operation): string {
  return pointer.replace(/\/operations\/\d+$/, "");
}

/** Adds parameters of all operations to a path. */
function shareParameters(item: Record<string, unknown>, parameters: readonly ExportedParameter[]): void {
  if (parameters.length === 0) return;
  const known = (item["parameters"] ?? []) as readonly JsonObject[];
  const added = parameters.flatMap(({ written }) =>
    known.some(({ name, in: place }) => name === written["name"] && place === written["in"]) ? [] : [written],
  );
  item["parameters"] = [...known, ...added];
}

function pathTexts(resource: Resource | undefined): JsonObject {
  return {
    ...(resource?.label ? { summary: resource.label } : {}),
    ...(resource?.description ? { description: resource.description } : {}),
  };
}

/** Returns the tags of an operation, which the newer generation of the language has. */
function tagsOf(operation: OperationDeclaration | undefined): readonly string[] {
  const tags = member((operation ?? {}) as JsonObject, "tags");
  return Array.isArray(tags) ? tags.filter(tag => typeof tag === "string") : [];
}

/** Returns members of an operation that OpenAPI has as they are. */
function declaredMembers(operation: OperationDeclaration | undefined): JsonObject {
  const { deprecated, externalDocs } = (operation ?? {}) as JsonObject;
  const hasUrl = isJsonObject(externalDocs) && typeof externalDocs["url"] === "string";
  return { ...(deprecated === true ? { deprecated } : {}), ...(hasUrl ? { externalDocs } : {}) };
}

function declaredTags(operation: OperationDeclaration | undefined): JsonObject {
  const tags = tagsOf(operation);
  return tags.length === 0 ? {} : { tags: [...new Set(tags)] };
}

/** Returns the components in the order of the named schemas of the adapters, others behind them. */
function inFileOrder(components: JsonObject, document: CapabilityDocument): JsonObject {
  const named = [...consumedAdapters(document)].map(({ adapter }) => adapter["x-schemas"]);
  const names = new Set([...named.flatMap(schemas => Object.keys(schemas ?? {})), ...Object.keys(components)]);
  return Object.fromEntries(
    [...names].flatMap(name => (Object.hasOwn(components, name) ? [[name, components[name]]] : [])),
  );
}

/** Returns the texts of an operation. Linters ask for a summary: without a label, it is the name, which an import leaves out. */
function exportedTexts({ label, description }: Operation, operationId: string): JsonObject {
  const text = description?.trim() ?? "";
  return { summary: label || operationId, ...(text === "" ? {} : { description: text }) };
}

interface Place {
  readonly template: string;
  readonly item: Record<string, unknown>;
  readonly path: ExportedPath;
  /** Names of the placeholders of the template. */
  readonly names: readonly string[];
}

/** The paths of a document. */
class ExportedPaths {
  readonly items: Record<string, Record<string, unknown>> = {};
  readonly #methods = new Map<unknown, Set<string>>();
  /** Template and placeholders of each signature. */
  readonly #known = new Map<string, { readonly template: string; readonly names: readonly string[] }>();

  /** Finds or adds the path of an operation. One whose method is taken gets a `#` tail, as it cannot stand there twice. */
  place(operation: Operation, report: (message: string) => void): Place {
    const path = exportedPath(operation);
    const method = operation.method.toLowerCase();
    for (const tail of tailsOf(operation)) {
      const { template, names } = getOrSet(this.#known, path.signature + tail, () => ({
        template: path.template + tail,
        names: path.placeholders.map(({ name }) => name),
      }));
      const item = getOrSet(itemsOf(this.items), template, () => ({}));
      const taken = getOrSet(this.#methods, item, () => new Set());
      if (taken.has(method)) continue;
      taken.add(method);
      if (tail !== "")
        report(`another operation has ${operation.method} ${path.template} too: its path is ${template}`);
      return { template, item, path, names };
    }
    throw new TypeError(`No tail is left for ${operation.reference}`);
  }
}

function* tailsOf({ name, path }: Operation): Generator<string> {
  const between = path.includes("#") ? "-" : "#";
  const plain = encodeURIComponent(name.toWellFormed());
  yield "";
  yield between + plain;
  for (let count = 2; ; count++) yield `${between}${plain}-${count}`;
}

function itemsOf(items: Record<string, Record<string, unknown>>): {
  get(path: string): Record<string, unknown> | undefined;
  set(path: string, item: Record<string, unknown>): unknown;
} {
  return { get: path => member(items, path), set: (path, item) => (items[path] = item) };
}
