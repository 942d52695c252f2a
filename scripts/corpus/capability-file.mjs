import path from "node:path";
import { parse } from "yaml";
import { Binds } from "./binds.mjs";
import { findCredential } from "./credential.mjs";
import { listInputs, mergeParameters } from "./inputs.mjs";

/**
 * Reads what the check needs to know of a file, straight from its YAML.
 *
 * @param {string} text
 * @param {string} file the file's path, from which `file:` binds are found
 * @returns {{ isCapability: boolean, binds: Binds, operations: object[] }} `isCapability` is false for shared consumes
 *   files, which can only be imported, and for YAML of another kind
 */
export function readCapabilityFile(text, file) {
  const document = parse(text, { logLevel: "error" });
  const { capability } = document ?? {};
  const isDialect = document?.naftiko !== undefined || document?.ikanos !== undefined;
  const isCapability = isDialect && typeof capability === "object" && capability !== null;
  const adapters = isCapability
    ? [...namedList(document.consumes), ...namedList(capability.consumes)].filter(isDeclaredHere)
    : [];
  const binds = new Binds([...namedList(document?.binds), ...namedList(capability?.binds)], {
    directory: path.dirname(file),
    baseUris: adapters.map(adapter => String(adapter.baseUri ?? "")),
  });
  const operations = adapters.flatMap(adapter => listOperations(adapter, binds));
  addReferences(operations);
  return { isCapability, binds, operations };
}

/** An entry with a `location` is imported from another file. */
function isDeclaredHere(adapter) {
  return adapter.location === undefined;
}

function listOperations(adapter, binds) {
  const credential = findCredential(adapter, binds);
  return namedList(adapter.resources).flatMap(resource =>
    namedList(resource.operations).map(definition => {
      const parameters = mergeParameters([adapter, resource, definition].map(namedParameters));
      const operation = {
        definition,
        adapter,
        name: String(definition.name),
        resourceName: String(resource.name),
        method: String(definition.method ?? "GET"),
        path: String(resource.path ?? ""),
        baseUri: String(adapter.baseUri ?? "").trim(),
        parameters,
        credential,
        references: [],
      };
      return { ...operation, inputs: listInputs(operation, binds) };
    }),
  );
}

function namedParameters(level) {
  return namedList(level.inputParameters);
}

/** Lists are written as arrays or, in the newer dialect, as maps keyed by name. */
function namedList(list) {
  if (Array.isArray(list)) return list;
  if (typeof list !== "object" || list === null) return [];
  return Object.entries(list).map(([name, entry]) => ({ name, ...entry }));
}

/**
 * Gives every operation the references that can mean no other: `METHOD /path` and the name where they are unique,
 * otherwise the first longer form that is.
 */
function addReferences(operations) {
  const long = [
    ({ adapter, name }) => `${adapter.namespace}.${name}`,
    ({ resourceName, name }) => `${resourceName}.${name}`,
    ({ adapter, resourceName, name }) => `${adapter.namespace}.${resourceName}.${name}`,
  ];
  for (const form of [({ method, path }) => `${method} ${path}`, ({ name }) => name, ...long]) {
    const counts = new Map();
    for (const operation of operations) counts.set(form(operation), (counts.get(form(operation)) ?? 0) + 1);
    for (const operation of operations) {
      const isNeeded = !long.includes(form) || operation.references.length === 0;
      if (isNeeded && counts.get(form(operation)) === 1) operation.references.push(form(operation));
    }
  }
}
