import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { sampleBind } from "./sample-values.mjs";
import { parseTemplate, placeholderNames } from "./template.mjs";

/** The bind variables that one document declares, each with the value the check gives it. */
export class Binds {
  /** What to pass as `env`: every source key that is read from the environment. */
  env = {};
  #variables = [];

  /**
   * @param {object[]} declarations the document's `binds`
   * @param {{ directory: string, baseUris: string[] }} context where `file:` locations start, and what decides
   *   whether a value has to be usable as a host
   */
  constructor(declarations, { directory, baseUris }) {
    const templates = baseUris.map(baseUri => parseTemplate(baseUri));
    for (const { namespace, keys, location } of declarations) {
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

  /** The distinct names of all variables. */
  get names() {
    return [...new Set(this.#variables.map(variable => variable.name))];
  }

  /** The variable that `NAME` or `namespace.NAME` means, or `undefined`. */
  find(expression) {
    return this.#variables.find(
      ({ namespace, name }) => expression === name || expression === `${namespace}.${name}`,
    );
  }
}

/** The values that a `file:` location holds; none for a file that is not there, as binds are looked up lazily. */
function readLocation(location, directory) {
  if (!location.startsWith("file://")) return {};
  const target = location.slice("file://".length).replace(/^\/(?=\.{1,2}\/)/, "");
  const file = path.resolve(directory, target);
  return existsSync(file) ? (parse(readFileSync(file, "utf8")) ?? {}) : {};
}
