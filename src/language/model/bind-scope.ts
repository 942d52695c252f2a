import { type BindVariable, declaredBinds } from "../document/declared-binds.ts";
import type { CapabilityDocument } from "../document/document-types.ts";
import type { Origins } from "../document/origins.ts";
import type { Reference } from "./types.ts";

/** The variables a document binds, and what a template name means among them (language chapters 3 and 4.3). */
export class BindScope {
  /**
   * Those of an overlay, then the document's in file order, those of imported files last. Of several declarations of one
   * `namespace.NAME` the first counts. `NAME` alone is an overlay's where that declares it, and an imported declaration
   * gives way to any of the same name (language chapter 10.1).
   */
  readonly variables: readonly BindVariable[];
  /** More than one variable: binds of different namespaces declare the same name. */
  readonly #byName = new Map<string, readonly BindVariable[]>();
  readonly #byQualifiedName = new Map<string, BindVariable>();
  /** `env` always is a bind namespace: published files write `{{env.X}}` also without declaring it. */
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
   * What a text without braces means if it is a variable's name, or the relic `$env.NAME` (language chapters 3, rule 6,
   * and 4.1, F8); `undefined` for every other text.
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
   * What `name` means if it means a bind: `NAME`, `namespace.NAME`, the relic `$env.NAME`, or a name in a bind namespace
   * that nothing declares. `undefined` for every other name.
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

/** A name that only a bind could fill, and none does. */
export function undeclared(name: string): Reference {
  return { kind: "undeclared", name, problem: "no bind declares it: add it to binds" };
}
