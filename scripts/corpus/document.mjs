import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

/**
 * Reads the consumed adapters and bind declarations of a file, with those that it imports.
 *
 * @param {string} text
 * @param {string} file the file's path, from which others are found
 * @returns {{ isCapability: boolean, adapters: object[], binds: object[] }} binds with the `directory` of the file that
 *   declares them; `isCapability` is false for shared files, which can only be imported, and for YAML of another kind
 */
export function readDocument(text, file) {
  const document = parse(text, { logLevel: "error" });
  const isCapability = isDialect(document) && isMap(document.capability);
  return {
    isCapability,
    ...(isCapability ? contentOf(document, file, [file]) : { adapters: [], binds: [] }),
  };
}

/** Returns a list that is written as an array or, in the newer dialect, as a map by name. */
export function namedList(list) {
  if (Array.isArray(list)) return list.filter(entry => entry !== null);
  if (!isMap(list)) return [];
  return Object.entries(list).map(([name, entry]) => ({ name, ...entry }));
}

/**
 * Reads the content of a file.
 *
 * @param {string[]} importing the files on the way here, none of which may come again
 */
function contentOf(document, file, importing) {
  const directory = path.dirname(file);
  const adapters = [];
  const binds = [];
  const addBinds = more => {
    for (const bind of more) {
      const isKnown = binds.some(other => JSON.stringify(other) === JSON.stringify(bind));
      if (!isKnown) binds.push(bind);
    }
  };
  const readSource = location => readImported(location, directory, importing);

  for (const entry of consumedEntries(document)) {
    const location = entry.location ?? entry.from;
    if (location === undefined) adapters.push(entry);
  }
  for (const entry of [...namedList(document.binds), ...namedList(document.capability?.binds)]) {
    const location = entry.import === undefined ? undefined : (entry.from ?? entry.location);
    if (location === undefined) addBinds([{ ...entry, directory }]);
    else addBinds([importedBind(entry, readSource(location))]);
  }
  for (const entry of consumedEntries(document)) {
    const location = entry.location ?? entry.from;
    if (location === undefined) continue;
    const source = readSource(location);
    const adapter = source.adapters.find(({ namespace }) => namespace === entry.import);
    if (!adapter) throw new Error(`${location} has no adapter "${entry.import}"`);
    adapters.push({ ...adapter, namespace: entry.as ?? entry.import });
    addBinds(source.binds);
  }
  for (const location of document.imports ?? []) {
    const source = readSource(location);
    adapters.push(...source.adapters);
    addBinds(source.binds);
  }
  return { adapters, binds };
}

function consumedEntries(document) {
  return [...namedList(document.capability?.consumes), ...namedList(document.consumes)];
}

function importedBind(entry, source) {
  const bind = source.binds.find(({ namespace }) => namespace === entry.import);
  if (!bind) throw new Error(`${entry.from ?? entry.location} has no bind "${entry.import}"`);
  return { ...bind, namespace: entry.as ?? entry.import };
}

function readImported(location, directory, importing) {
  const target = String(location).replace(/^file:\/\/(?:\/(?=\.{1,2}\/))?/, "");
  const file = path.resolve(directory, target);
  if (importing.includes(file)) throw new Error(`${file} imports itself`);
  if (!existsSync(file)) throw new Error(`${file} does not exist`);
  const document = parse(readFileSync(file, "utf8"), { logLevel: "error" });
  if (!isDialect(document)) throw new Error(`${file} is not a file of the language`);
  return contentOf(document, file, [...importing, file]);
}

function isDialect(document) {
  return isMap(document) && (document.naftiko !== undefined || document.ikanos !== undefined);
}

function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
