import { isJsonObject, type JsonObject, member, objectOf, objectsOf } from "../../base/json-object.ts";
import { documentText } from "../document/document-text.ts";
import { writtenValue } from "../document/written-numbers.ts";
import { applyDifference, difference, wholeDifference } from "./difference.ts";
import { importedPath } from "./imported-path.ts";

// A description carries what OpenAPI has no word for in members named `x-naftiko`: the difference between what an import
// of the description would make and the capability that was exported. It stands where it belongs, so that the description
// may be edited: at an operation for the operation, at a path for its resource, at the root for everything else.

/** Member of a description that holds a difference. */
export const CARRIED = "x-naftiko";

/** Parts of the root's difference. */
interface RootParts {
  /** Difference of the document without what it consumes. */
  readonly document?: unknown;
  /** Differences of the adapters, without their resources. */
  readonly adapters?: unknown;
  /** The adapters themselves, with the keys of operations, if an import would arrange them in another way. */
  readonly layout?: unknown;
  /** Positions of the adapters that stand in `consumes` of the root. */
  readonly shared?: unknown;
}

/** An operation of a description: its path as it is written there, and its method in lower case. */
export interface OperationPlace {
  readonly path: string;
  readonly method: string;
}

/**
 * Adds to a description what the import of it would not give.
 *
 * @param description in the form of OpenAPI 3; its parts are changed in place
 * @param places the operations of the capability in the description, in the order of the capability
 * @param imported the document that the import gives
 * @param document the document that it has to give
 */
export function carryParts(
  description: Record<string, unknown>,
  places: readonly OperationPlace[],
  imported: JsonObject,
  document: JsonObject,
): void {
  const paths = description["paths"] as Record<string, Record<string, unknown>>;
  const given = arranged(imported, operationKeys(description));
  const queue = places.map(placeKey);
  const placed = new Map(places.map(place => [placeKey(place), place]));
  const wanted = arranged(document, () => queue.shift());
  const operations = new Map(given.flatMap(operationsIn));
  for (const [key, operation] of wanted.flatMap(operationsIn)) {
    const found = placed.get(key);
    const item = found && (member(paths, found.path)?.[found.method] as Record<string, unknown> | undefined);
    const change = exactDifference(operations.get(key), operation, asOperation);
    if (item !== undefined && change !== undefined) item[CARRIED] = change;
  }
  const root: Record<string, unknown> = {};
  const rest = exactDifference(withoutConsumed(imported), withoutConsumed(document), part => part as JsonObject);
  if (rest !== undefined) root["document"] = rest;
  const ofPaths = resourceChanges(given, wanted);
  if (ofPaths !== undefined) {
    const changes = wanted.map((adapter, index) => exactDifference(given[index]?.members, adapter.members, asAdapter));
    if (changes.some(change => change !== undefined)) root["adapters"] = changes.map(change => change ?? {});
    for (const [path, change] of ofPaths) {
      const item = member(paths, path);
      if (item !== undefined) item[CARRIED] = change;
    }
  } else root["layout"] = difference(undefined, wanted.map(layoutOf));
  const ofRoot = objectsOf(document["consumes"]).length;
  if (ofRoot > 0) root["shared"] = wanted.map((_, index) => index).slice(-ofRoot);
  if (Object.keys(root).length > 0) description[CARRIED] = root;
  if (textOf(restoreParts(imported, description, { isWhole: true, namespace: undefined })) !== textOf(document)) {
    description[CARRIED] = wholeDifference(document);
  }
}

interface RestoreOptions {
  /** Whether the document has all operations of the description. */
  readonly isWhole: boolean;
  /** Namespace that was asked for. It stays. */
  readonly namespace: string | undefined;
}

/** Returns an imported document with what its description carries. */
export function restoreParts(
  imported: JsonObject,
  description: JsonObject,
  { isWhole, namespace }: RestoreOptions,
): JsonObject {
  const paths = objectOf(description["paths"]);
  const key = operationKeys(description);
  const adapters = arranged(imported, key);
  let hasChanges = false;
  const carriedAt = (holder: unknown): unknown => {
    if (!isJsonObject(holder) || !Object.hasOwn(holder, CARRIED)) return undefined;
    hasChanges = true;
    return writtenValue(holder, CARRIED);
  };
  const root = carriedAt(description);
  if (isWhole && isJsonObject(root) && Object.hasOwn(root, "=")) return objectOf(applyDifference(imported, root));
  const restored = adapters.map(({ members, resources }) => ({
    members,
    resources: resources.map(resource => {
      const path = pathOf(resource.operations[0]?.key ?? "");
      return {
        members: objectOf(applyDifference(resource.members, carriedAt(member(paths, path)))),
        operations: resource.operations.map(({ key, operation }) => {
          const item = objectOf(member(paths, pathOf(key)));
          return { key, operation: objectOf(applyDifference(operation, carriedAt(item[methodOf(key)]))) };
        }),
      };
    }),
  }));
  if (!hasChanges) return imported;
  if (!isWhole || !isJsonObject(root)) return withConsumed(imported, restored, []);
  const { document, adapters: changes, layout, shared } = root as RootParts;
  const written = Array.isArray(layout) ? applyDifference(undefined, layout) : undefined;
  const whole = Array.isArray(written)
    ? laidOut(written, restored)
    : restored.map(({ members, resources }, index) => ({
        members: objectOf(applyDifference(members, Array.isArray(changes) ? changes[index] : undefined)),
        resources,
      }));
  const rest = objectOf(applyDifference(withoutConsumed(imported), document));
  const [first, ...others] = whole;
  const named =
    namespace === undefined || first === undefined
      ? whole
      : [{ ...first, members: { ...first.members, namespace } }, ...others];
  return withConsumed(rest, named, Array.isArray(shared) ? shared : []);
}

interface ArrangedAdapter {
  readonly members: JsonObject;
  readonly resources: readonly ArrangedResource[];
}

interface ArrangedResource {
  readonly members: JsonObject;
  readonly operations: readonly { readonly key: string; readonly operation: JsonObject }[];
}

function placeKey({ path, method }: OperationPlace): string {
  return `${method} ${path}`;
}

function methodOf(key: string): string {
  return key.slice(0, key.indexOf(" "));
}

function pathOf(key: string): string {
  return key.slice(key.indexOf(" ") + 1);
}

/** Returns a function that gives the key of an imported operation in its description. */
function operationKeys(description: JsonObject): (resource: JsonObject, operation: JsonObject) => string | undefined {
  const written = new Map(Object.keys(objectOf(description["paths"])).map(path => [importedPath(path).text, path]));
  return ({ path }, { method }) => {
    const found = written.get(String(path));
    return found === undefined ? undefined : `${String(method).toLowerCase()} ${found}`;
  };
}

/** Takes the adapters of a document apart, with a key for each operation. */
function arranged(
  document: JsonObject,
  keyOf: (resource: JsonObject, operation: JsonObject) => string | undefined,
): ArrangedAdapter[] {
  const lists = [objectOf(document["capability"])["consumes"], document["consumes"]];
  return lists.flatMap(objectsOf).map(({ resources, ...members }) => ({
    members,
    resources: objectsOf(resources).map(({ operations, ...rest }) => ({
      members: rest,
      operations: objectsOf(operations).map(operation => ({ key: keyOf(rest, operation) ?? "", operation })),
    })),
  }));
}

function operationsIn({ resources }: ArrangedAdapter): (readonly [key: string, operation: JsonObject])[] {
  return resources.flatMap(({ operations }) => operations.map(({ key, operation }) => [key, operation] as const));
}

/**
 * Returns the differences of resources by path. `undefined` if operations stand in other adapters and resources, or if a
 * path that several resources have would need one.
 */
function resourceChanges(
  given: readonly ArrangedAdapter[],
  wanted: readonly ArrangedAdapter[],
): Map<string, unknown> | undefined {
  const shape = (adapters: readonly ArrangedAdapter[]) =>
    JSON.stringify(adapters.map(({ resources }) => resources.map(found => found.operations.map(({ key }) => key))));
  if (shape(given) !== shape(wanted)) return undefined;
  const before = given.flatMap(({ resources }) => resources);
  const changes = new Map<string, unknown>();
  const seen = new Set<string>();
  for (const [index, { members, operations }] of wanted.flatMap(({ resources }) => resources).entries()) {
    const path = pathOf(operations[0]?.key ?? "");
    const change = exactDifference(before[index]?.members, members, asResource);
    if (seen.has(path) && (change !== undefined || changes.has(path))) return undefined;
    seen.add(path);
    if (change !== undefined) changes.set(path, change);
  }
  return changes;
}

function layoutOf({ members, resources }: ArrangedAdapter): JsonObject {
  return {
    ...members,
    resources: resources.map(({ members: own, operations }) => ({
      ...own,
      operations: operations.map(({ key }) => key),
    })),
  };
}

/** Arranges operations as a layout says. Those that it does not name stay where they are, behind the others. */
function laidOut(layout: readonly unknown[], imported: readonly ArrangedAdapter[]): ArrangedAdapter[] {
  const operations = new Map(imported.flatMap(operationsIn));
  const placed = new Set<string>();
  const adapters = objectsOf(layout).map(({ resources, ...members }) => ({
    members,
    resources: objectsOf(resources).flatMap(({ operations: keys, ...rest }) => {
      const found = (Array.isArray(keys) ? keys : []).flatMap((key: unknown) => {
        const operation = typeof key === "string" && !placed.has(key) ? operations.get(key) : undefined;
        if (operation === undefined || typeof key !== "string") return [];
        placed.add(key);
        return [{ key, operation }];
      });
      return found.length === 0 ? [] : [{ members: rest, operations: found }];
    }),
  }));
  const others = imported.flatMap(({ members, resources }) => {
    const left = resources.flatMap(resource => {
      const found = resource.operations.filter(({ key }) => !placed.has(key));
      return found.length === 0 ? [] : [{ ...resource, operations: found }];
    });
    return left.length === 0 ? [] : [{ members, resources: left }];
  });
  return [...adapters, ...others];
}

/** Returns a document without what it consumes. */
function withoutConsumed(document: JsonObject): JsonObject {
  const { consumes: _, capability, ...rest } = document;
  if (!isJsonObject(capability)) return capability === undefined ? rest : { ...rest, capability };
  const { consumes: __, ...others } = capability;
  return { ...rest, capability: others };
}

/**
 * Returns a document with adapters.
 *
 * @param shared positions of those that stand in `consumes` of the root
 */
function withConsumed(
  document: JsonObject,
  adapters: readonly ArrangedAdapter[],
  shared: readonly unknown[],
): JsonObject {
  const written = adapters.map(({ members, resources }) => ({
    ...members,
    ...(resources.length === 0
      ? {}
      : {
          resources: resources.map(({ members: own, operations }) => ({
            ...own,
            operations: operations.map(({ operation }) => operation),
          })),
        }),
  }));
  const own = written.filter((_, index) => !shared.includes(index));
  const ofRoot = written.filter((_, index) => shared.includes(index));
  const capability = objectOf(document["capability"]);
  return {
    ...document,
    ...(ofRoot.length === 0 ? {} : { consumes: ofRoot }),
    ...(own.length === 0 && document["capability"] === undefined
      ? {}
      : { capability: { ...capability, ...(own.length === 0 ? {} : { consumes: own }) } }),
  };
}

/** Returns the difference of two parts whose result is written as the wanted part is, the whole part otherwise. */
function exactDifference(from: unknown, to: JsonObject, place: (part: unknown) => JsonObject): unknown {
  if (from === undefined) return wholeDifference(to);
  if (textOf(place(from)) === textOf(place(to))) return undefined;
  const change = difference(from, to);
  return textOf(place(applyDifference(from, change))) === textOf(place(to)) ? change : wholeDifference(to);
}

function asAdapter(part: unknown): JsonObject {
  return { consumes: [part] };
}

function asResource(part: unknown): JsonObject {
  return asAdapter({ resources: [part] });
}

function asOperation(part: unknown): JsonObject {
  return asResource({ operations: [part] });
}

function textOf(document: JsonObject): string {
  return documentText(document, "json");
}
