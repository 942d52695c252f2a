import { type BindVariable, declaredBinds } from "../document/declared-binds.ts";
import type { CapabilityDocument } from "../document/document-types.ts";
import type { Origins } from "../document/origins.ts";
import type { Reference } from "./types.ts";

/** Variables that a document binds, and the meaning of template names among them (language chapters 3 and 4.3). */
export class BindScope {
  /**
   * Variables of an overlay, then the document's in file order, those of imported files last. The first declaration of
   * a `namespace.NAME` counts. `NAME` alone is the overlay's if it declares one; otherwise an imported declaration
   * gives way to any other of the name (language chapter 10.1).
   */
  readonly variables: readonly BindVariable[];
  /** More than one variable if binds of different namespaces declare the same name. */
  readonly #byName = new Map<string, readonly BindVariable[]>();
  readonly #byQualifiedName = new Map<string, BindVariable>();
  /** `env` is always a bind namespace: published files write `{{env.X}}` without declaring it. */
  readonly #namespaces = new Set<string>(["env"]);

  /** @param overlaid variables that an overlay declares, the strongest first */
  constructor(document: CapabilityDocument, origins?: Origins, overlaid: readonly BindVariable[] = []) {
    const declared = [...declaredBinds(document, origins)];
    const own = declared.filter(isOwn);
    const imported = declared.filter(variable => !isOwn(variable));
    for (const variable of [...overlaid, ...own, ...imported]) {
      const qualifiedName = `${variable.namespace}.${variable.name}`;
      this.#namespaces.add(variable.namespace);
      if (this.#byQualifiedName.has(qualifiedName)) continue;
      this.#byQualifiedName.set(qualifiedName, variable);
      const known = this.#byName.get(variable.name) ?? [];
      if (known.some(({ fromConfig }) => fromConfig)) continue;
      if (variable.imported && known.some(isOwn)) continue;
      this.#byName.set(variable.name, [...known, variable]);
    }
    this.variables = [...this.#byQualifiedName.values()];
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
    return { kind: "undeclared", name, problem: `several binds declare it: write ${qualified}` };
  }

  /**
   * Returns the meaning of a name that means a bind: `NAME`, `namespace.NAME`, the relic `$env.NAME`, or an undeclared
   * name in a bind namespace. `undefined` for every other name.
   */
  bindReference(name: string): Reference | undefined {
    const bare = this.bareReference(name);
    if (bare !== undefined) return bare;
    const qualified = name.replace(/^\$env\./, "env.");
    const variable = this.#byQualifiedName.get(qualified);
    if (variable !== undefined) return { kind: "bind", variable };
    const dot = qualified.indexOf(".");
    return dot > 0 && this.#namespaces.has(qualified.slice(0, dot)) ? undeclared(name) : undefined;
  }
}

function isOwn({ imported }: BindVariable): boolean {
  return imported !== true;
}

/** Returns the reference for a name that only a bind could fill, and none does. */
export function undeclared(name: string): Reference {
  return { kind: "undeclared", name, problem: "no bind declares it: add it to binds" };
}
