import { type BindVariable, declaredBinds } from "../document/declared-binds.ts";
import type { CapabilityDocument } from "../document/document-types.ts";
import type { Origins } from "../document/origins.ts";
import type { Reference } from "./types.ts";
import { NOT_DECLARED } from "./undeclared-name.ts";
import { VariableNames } from "./variable-names.ts";

/** Variables that a document binds, and the meaning of template names among them (language chapters 3 and 4.3). */
export class BindScope {
  /**
   * Variables of an overlay, then the document's in file order, those of imported files last. The first declaration of
   * a `namespace.NAME` counts. `NAME` alone is the overlay's if it declares one; otherwise an imported declaration
   * gives way to any other of the name (language chapter 10.1).
   */
  readonly variables: readonly BindVariable[];
  /** Names and texts that can only mean a variable. */
  readonly names: VariableNames;
  /** More than one variable if binds of different namespaces declare the same name. */
  readonly #byName = new Map<string, readonly BindVariable[]>();
  readonly #byQualifiedName = new Map<string, BindVariable>();
  /** The first variable of each bind namespace, or `"closed"` if a bind of that namespace has a `location`. */
  readonly #namespaces: ReadonlyMap<string, BindVariable | "closed">;
  /** Variables that only templates name, by qualified name. */
  readonly #undeclared = new Map<string, BindVariable>();

  /** @param overlaid variables that an overlay declares, the strongest first */
  constructor(document: CapabilityDocument, origins?: Origins, overlaid: readonly BindVariable[] = []) {
    const declared = [...declaredBinds(document, origins)];
    const own = declared.filter(isOwn);
    const imported = declared.filter(variable => !isOwn(variable));
    for (const variable of [...overlaid, ...own, ...imported]) {
      const qualifiedName = `${variable.namespace}.${variable.name}`;
      if (this.#byQualifiedName.has(qualifiedName)) continue;
      this.#byQualifiedName.set(qualifiedName, variable);
      const known = this.#byName.get(variable.name) ?? [];
      if (known.some(({ fromConfig }) => fromConfig)) continue;
      if (variable.imported && known.some(isOwn)) continue;
      this.#byName.set(variable.name, [...known, variable]);
    }
    this.variables = [...this.#byQualifiedName.values()];
    // An overlay says where values of the file are. It does not close a namespace of the file.
    this.#namespaces = new Map([...namespacesOf(overlaid), ...namespacesOf(declared)]);
    this.names = new VariableNames(document, this.variables);
  }

  /**
   * Returns the meaning of a text without braces that is a variable's name, or the relic `$env.NAME` (language chapters
   * 3, rule 6, and 4.1, F8). `undefined` for every other text.
   */
  bareReference(text: string): Reference | undefined {
    const name = text.startsWith("$env.") ? text.slice("$env.".length) : text;
    const variables = this.#byName.get(name);
    if (variables === undefined) return undefined;
    const [variable] = variables;
    if (variables.length === 1 && variable !== undefined) return { kind: "bind", variable };
    const qualified = variables.map(({ namespace }) => `{{${namespace}.${name}}}`).join(" or ");
    return { kind: "undeclared", name, problem: `several binds declare it: write ${qualified}`, declared: [] };
  }

  /**
   * Returns the meaning of a name that means a bind: `NAME`, `namespace.NAME`, the relic `$env.NAME`, or an undeclared
   * name in a bind namespace. `undefined` for every other name.
   */
  bindReference(name: string): Reference | undefined {
    const bare = this.bareReference(name);
    if (bare !== undefined) return bare;
    const qualified = name.replace(/^\$env\./, "env.");
    const variable = this.#byQualifiedName.get(qualified) ?? this.#undeclared.get(name);
    if (variable !== undefined) return { kind: "bind", variable };
    const dot = qualified.indexOf(".");
    const namespace = qualified.slice(0, Math.max(dot, 0));
    const bind = this.#namespaces.get(namespace);
    // Published files write `{{env.X}}` also where no bind is called `env`.
    if (bind === undefined && namespace !== "env") return undefined;
    // The relic needs a declaration (language chapter 4.1, F8).
    if (bind === undefined || bind === "closed" || name !== qualified) return this.undeclared(name);
    return { kind: "bind", variable: this.#readUndeclared(bind, name.slice(dot + 1)) };
  }

  /** Returns the reference for a name that only a bind could fill, and none does. */
  undeclared(name: string): Reference {
    return { kind: "undeclared", name, problem: NOT_DECLARED, declared: this.variables };
  }

  /** Returns the environment variable `name`, which a template names in the namespace of `sibling`. */
  #readUndeclared(sibling: BindVariable, name: string): BindVariable {
    const pointer = sibling.pointer.slice(0, sibling.pointer.lastIndexOf("/"));
    const variable: BindVariable = { ...sibling, name, key: name, undeclared: true, pointer };
    this.#undeclared.set(`${sibling.namespace}.${name}`, variable);
    return variable;
  }
}

function isOwn({ imported }: BindVariable): boolean {
  return imported !== true;
}

/** Returns the first variable of each namespace, or `"closed"` if a bind of that namespace has a `location`. */
function namespacesOf(variables: readonly BindVariable[]): Map<string, BindVariable | "closed"> {
  const namespaces = new Map<string, BindVariable | "closed">();
  for (const variable of variables) {
    const { namespace, location } = variable;
    if (location !== undefined) namespaces.set(namespace, "closed");
    else if (!namespaces.has(namespace)) namespaces.set(namespace, variable);
  }
  return namespaces;
}
