import { Binds } from "./binds.mjs";
import { findCredential } from "./credential.mjs";
import { namedList, readDocument } from "./document.mjs";
import { listInputs, mergeParameters } from "./inputs.mjs";

/**
 * Reads what the check needs to know of a file, straight from its YAML and that of the files it imports.
 *
 * @param {string} text
 * @param {string} file the file's path
 * @returns {{ isCapability: boolean, binds: Binds, operations: object[] }}
 */
export function readCapabilityFile(text, file) {
  const { isCapability, adapters, binds: declarations } = readDocument(text, file);
  const binds = new Binds(
    declarations,
    adapters.map(adapter => String(adapter.baseUri ?? "")),
  );
  const operations = adapters.flatMap(adapter => listOperations(adapter, { adapters, binds }));
  addReferences(operations);
  return { isCapability, binds, operations };
}

function listOperations(adapter, { adapters, binds }) {
  const credential = findCredential(adapter, { adapters, binds });
  return namedList(adapter.resources).flatMap(resource =>
    namedList(resource.operations).map(definition => {
      const path = operationPath(resource, definition);
      const levels = [adapter, resource, definition].map(level => namedList(level.inputParameters));
      const parameters = mergeParameters(levels, path);
      const method = String(definition.method ?? "GET").toUpperCase();
      const operation = {
        definition,
        adapter,
        name: String(definition.name || `${method} ${path}`),
        resourceName: String(resource.name || path || "/"),
        method,
        path,
        baseUri: String(adapter.baseUri ?? "").trim(),
        parameters,
        credential: givesWay(credential, parameters) ? undefined : credential,
        references: [],
      };
      return { ...operation, inputs: listInputs(operation, binds) };
    }),
  );
}

/** What is only implied gives way to a credential that the file writes itself. */
function givesWay(credential, parameters) {
  return (
    credential?.isImplied &&
    parameters.some(
      ({ in: location, name, constant }) =>
        location === "header" && name.toLowerCase() === credential.name && constant !== undefined,
    )
  );
}

/** A path at the operation is what comes behind the resource's, or the whole path again. */
function operationPath(resource, definition) {
  const base = String(resource.path ?? "");
  const own = String(definition.path ?? "");
  if (own === "") return base;
  const stem = base.replace(/\/+$/, "");
  const rest = own.slice(stem.length);
  const isWhole = stem === "" || (own.startsWith(stem) && (rest === "" || /^[/?#]/.test(rest)));
  if (isWhole) return own;
  return /^[?#]/.test(own) ? base + own : `${stem}/${own.replace(/^\/+/, "")}`;
}

/**
 * Gives every operation the references that can mean no other: `METHOD /path` and the name where they are unique,
 * otherwise the first longer form that is.
 */
function addReferences(operations) {
  const long = [
    ({ adapter, method, path }) => `${adapter.namespace} ${method} ${path}`,
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
