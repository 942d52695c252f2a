import { type BindVariable, declaredBinds } from "../document/declared-binds.ts";
import type { CapabilityDocument } from "../document/document-types.ts";
import type { Reference } from "./types.ts";

/** The variables a document binds, and what a template name means among them (language chapters 3 and 4.3). */
export class BindScope {
  readonly variables: readonly BindVariable[];
  readonly #byName = new Map<string, BindVariable>();
  readonly #byQualifiedName = new Map<string, BindVariable>();
  /** `env` always is a bind namespace: published files write `{{env.X}}` also without declaring it. */
  readonly #namespaces = new Set<string>(["env"]);

  constructor(document: CapabilityDocument) {
    this.variables = [...declaredBinds(document)];
    for (const variable of this.variables) {
      this.#namespaces.add(variable.namespace);
      this.#byQualifiedName.set(`${variable.namespace}.${variable.name}`, variable);
      if (!this.#byName.has(variable.name)) this.#byName.set(variable.name, variable);
    }
  }

  /** The variable that a bare name means. */
  variable(name: string): BindVariable | undefined {
    return this.#byName.get(name);
  }

  /**
   * What `name` means if it means a bind: `NAME`, `namespace.NAME`, the relic `$env.NAME`, or a name in a bind namespace
   * that nothing declares. `undefined` for every other name.
   */
  bindReference(name: string): Reference | undefined {
    const variable = this.#byName.get(name) ?? this.#byQualifiedName.get(name.replace(/^\$env\./, "env."));
    if (variable !== undefined) return { kind: "bind", variable };
    const dot = name.indexOf(".");
    return dot > 0 && this.#namespaces.has(name.slice(0, dot)) ? { kind: "undeclared", name } : undefined;
  }
}
