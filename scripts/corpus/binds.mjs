import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { sampleBind } from "./sample-values.mjs";
import { parseTemplate, placeholderNames } from "./template.mjs";

/** Bind variables of one document, each with the value that the check gives it. */
export class Binds {
  /** Environment to pass: every source key that is read from it. */
  env = {};
  #variables = [];

  /**
   * @param {object[]} declarations the document's `binds`, each with the `directory` from which `file:` locations start
   * @param {string[]} baseUris what decides whether a value has to be usable as a host
   */
  constructor(declarations, baseUris) {
    const templates = baseUris.map(baseUri => parseTemplate(baseUri));
    for (const { namespace = "env", keys, location, directory } of declarations) {
      const stored = location === undefined ? undefined : readLocation(String(location), directory);
      for (const [name, sourceKey] of Object.entries(keys ?? {})) {
        const means = text => text === name || text === `${namespace}.${name}`;
        const sample = sampleBind({
          name: sourceKey,
          inBaseUri: templates.some(tokens => placeholderNames(tokens).some(means)),
          startsBaseUri: templates.some(([first]) => typeof first === "object" && means(first.name)),
        });
        if (!stored) this.env[sourceKey] ??= sample;
        const value = (stored ?? this.env)[sourceKey];
        this.#variables.push({
          namespace: String(namespace),
          name,
          value: value === undefined ? value : String(value),
        });
      }
    }
  }

  /** Returns the variables, each declaration of one `namespace.NAME` once. */
  get variables() {
    const first = new Map();
    for (const variable of this.#variables) {
      const key = `${variable.namespace}.${variable.name}`;
      if (!first.has(key)) first.set(key, variable);
    }
    return [...first.values()];
  }

  /**
   * Returns the variable that `NAME` or `namespace.NAME` means. Its `value` is `undefined` if it cannot be found:
   * several binds declare the name, or none of those in its namespace. `undefined` for every other name.
   */
  find(expression) {
    const name = expression.replace(/^\$env\./, "env.");
    const plain = expression.replace(/^\$env\./, "");
    const bare = this.variables.filter(variable => variable.name === plain);
    if (bare.length > 0) return bare.length === 1 ? bare[0] : { name, value: undefined };
    const qualified = this.#variables.find(variable => `${variable.namespace}.${variable.name}` === name);
    if (qualified) return qualified;
    const namespaces = ["env", ...this.#variables.map(({ namespace }) => namespace)];
    return namespaces.some(namespace => name.startsWith(`${namespace}.`)) ? { name, value: undefined } : undefined;
  }
}

/** Reads the values of a `file:` location. A missing file has none, as binds are looked up lazily. */
function readLocation(location, directory) {
  if (!location.startsWith("file://")) return {};
  const target = location.slice("file://".length).replace(/^\/(?=\.{1,2}\/)/, "");
  const file = path.resolve(directory, target);
  return existsSync(file) ? (parse(readFileSync(file, "utf8")) ?? {}) : {};
}
