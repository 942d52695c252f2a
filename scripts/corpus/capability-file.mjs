import { Binds } from "./binds.mjs";
import { findCredential } from "./credential.mjs";
import { namedList, readDocument } from "./document.mjs";
import { listInputs, mergeParameters } from "./inputs.mjs";

/**
 * Reads the parts of a file that the check needs, from its YAML and that of the files it imports.
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
        resourceName: String(resource.name || resource.path || "/"),
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

/** Tells whether a credential gives way to one that the file writes itself, because it is only implied. */
function givesWay(credential, parameters) {
  return (
    credential?.isImplied &&
    parameters.some(
      ({ in: location, name, constant }) =>
        location === "header" && name.toLowerCase() === credential.name && constant !== undefined,
    )
  );
}

/**
 * Returns the path of an operation. A path at the operation is the part behind the resource's, or the whole path again.
 */
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
 * Gives every operation the references that can mean no other: `METHOD /path`, which comes before anything else, and the
 * name where they are unique, otherwise the first longer form that is.
 */
function addReferences(operations) {
  const path = ({ method, path: text }) => `${method} ${text}`;
  const longer = [
    operation => `${operation.adapter.namespace} ${path(operation)}`,
    ({ adapter, name }) => `${adapter.namespace}.${name}`,
    ({ resourceName, name }) => `${resourceName}.${name}`,
    ({ adapter, resourceName, name }) => `${adapter.namespace}.${resourceName}.${name}`,
  ];
  const name = operation => operation.name;
  const paths = new Set(operations.map(path));
  const owners = new Map();
  for (const form of [path, name, ...longer]) {
    for (const operation of operations) {
      const text = form(operation);
      if (form === path || !paths.has(text)) owners.set(text, (owners.get(text) ?? new Set()).add(operation));
    }
  }
  for (const operation of operations) {
    const isOwn = form => owners.get(form(operation))?.size === 1 && owners.get(form(operation)).has(operation);
    operation.references = [path, name].filter(isOwn).map(form => form(operation));
    const form = operation.references.length > 0 ? undefined : longer.find(isOwn);
    if (form) operation.references.push(form(operation));
  }
}
