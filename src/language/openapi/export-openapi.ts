import { isDeepStrictEqual } from "node:util";
import { getOrSet } from "../../base/get-or-set.ts";
import { type JsonObject, member } from "../../base/json-object.ts";
import { consumedAdapters } from "../document/consumed.ts";
import type { CapabilityDocument } from "../document/document-types.ts";
import type { Adapter, CapabilityModel, Operation } from "../model/types.ts";
import { literalSecrets } from "../validation/without-literals.ts";
import type { ExportContext } from "./export-context.ts";
import { exportedBody } from "./exported-body.ts";
import { exportedParameters } from "./exported-parameters.ts";
import { type ExportedPath, exportedPath, pathParameters, queryParameters } from "./exported-path.ts";
import { exportedResponses } from "./exported-responses.ts";
import { ExportedSchemas, type SpecVersion } from "./exported-schemas.ts";
import { ExportedSecurity } from "./exported-security.ts";
import { exportedServers } from "./exported-servers.ts";

/** Part of a capability that OpenAPI has no word for. */
export interface ExportFinding {
  /** Reference of the operation. */
  readonly operation: string;
  readonly message: string;
}

/** An OpenAPI document, and what it does not say. */
interface OpenApiExport {
  readonly document: JsonObject;
  readonly findings: readonly ExportFinding[];
}

const VERSIONS: Readonly<Record<SpecVersion, string>> = { "3.0": "3.0.4", "3.1": "3.1.1" };

/**
 * Writes the consumed operations of a capability as an OpenAPI document.
 *
 * @param adapters the adapters whose operations are written, in the order of the document
 */
export function exportOpenApi(
  model: CapabilityModel,
  document: CapabilityDocument,
  version: SpecVersion,
  adapters: readonly Adapter[],
): OpenApiExport {
  const findings: ExportFinding[] = [];
  const operations = model.operations.filter(({ adapter }) => adapters.includes(adapter));
  let current = operations[0];
  const report = (message: string) => {
    const operation = current?.reference ?? "";
    if (!findings.some(found => found.operation === operation && found.message === message))
      findings.push({ operation, message });
  };
  const secrets = literalSecrets(document);
  const schemas = new ExportedSchemas(version, report);
  const security = new ExportedSecurity(version, report);
  const paths = new ExportedPaths();
  const names = new OperationIds();
  const [first] = operations;
  const servers = first === undefined ? [] : exportedServers(first);
  const common = first === undefined ? [] : security.requirements(first);

  for (const operation of operations) {
    current = operation;
    const context: ExportContext = { operation, version, schemas, secrets, report };
    const place = paths.place(operation, report);
    const own = exportedServers(operation);
    const needed = security.requirements(operation);
    const parameters = [
      ...pathParameters(place.path, place.names, context),
      ...queryParameters(context),
      ...exportedParameters(context),
    ];
    const body = exportedBody(context);
    place.item[operation.method.toLowerCase()] = {
      ...exportedTexts(operation),
      operationId: names.of(operation),
      ...(isDeepStrictEqual(own, servers) ? {} : { servers: own }),
      ...(isDeepStrictEqual(needed, common) ? {} : { security: needed }),
      ...(parameters.length === 0 ? {} : { parameters }),
      ...(body === undefined ? {} : { requestBody: body }),
      responses: exportedResponses(context),
    };
  }
  const components = {
    ...(Object.keys(schemas.components).length === 0 ? {} : { schemas: inFileOrder(schemas.components, document) }),
    ...(Object.keys(security.schemes).length === 0 ? {} : { securitySchemes: security.schemes }),
  };
  const { info } = model;
  return {
    document: {
      openapi: VERSIONS[version],
      info: {
        title: info.label || model.name,
        ...(info.description ? { description: info.description } : {}),
        version: String(document.info?.version ?? "1.0.0"),
      },
      servers,
      security: common,
      ...(info.tags.length === 0 ? {} : { tags: [...new Set(info.tags)].map(name => ({ name: String(name) })) }),
      paths: paths.items,
      ...(Object.keys(components).length === 0 ? {} : { components }),
    },
    findings,
  };
}

/** Returns the components in the order of the named schemas of the adapters, others behind them. */
function inFileOrder(components: JsonObject, document: CapabilityDocument): JsonObject {
  const named = [...consumedAdapters(document)].map(({ adapter }) => adapter["x-schemas"]);
  const names = new Set([...named.flatMap(schemas => Object.keys(schemas ?? {})), ...Object.keys(components)]);
  return Object.fromEntries(
    [...names].flatMap(name => (Object.hasOwn(components, name) ? [[name, components[name]]] : [])),
  );
}

/** Returns the texts of an operation: its label, or a description that is as short as one, is the summary. */
function exportedTexts({ label, description, name }: Operation): JsonObject {
  const text = description?.trim() ?? "";
  if (label) return { summary: label, ...(text === "" ? {} : { description: text }) };
  if (text === "") return { summary: name };
  return isSummary(text) ? { summary: text } : { summary: name, description: text };
}

/** Longest summary, in characters: a lint rule of the field asks for no more. */
const LONGEST_SUMMARY = 120;

function isSummary(text: string): boolean {
  return text.length <= LONGEST_SUMMARY && !text.includes("\n");
}

interface Place {
  readonly item: Record<string, unknown>;
  readonly path: ExportedPath;
  /** Names of the placeholders of the template. */
  readonly names: readonly string[];
}

/** The paths of a document. */
class ExportedPaths {
  readonly items: Record<string, Record<string, unknown>> = {};
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
      if (member(item, method) !== undefined) continue;
      if (tail !== "")
        report(`another operation has ${operation.method} ${path.template} too: its path is ${template}`);
      return { item, path, names };
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

/** Names of operations, each once. */
class OperationIds {
  readonly #taken = new Set<string>();

  /** Returns the name of an operation as it can stand in a URL, with a number where another one has it. */
  of({ name }: Operation): string {
    const plain = name.replace(/[^A-Za-z0-9._~:/?#[\]@!$&'()*+,;=-]+/g, "-") || "operation";
    let free = plain;
    for (let count = 2; this.#taken.has(free); count++) free = `${plain}-${count}`;
    this.#taken.add(free);
    return free;
  }
}
