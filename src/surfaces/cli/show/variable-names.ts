import type { BindVariable } from "../../../language/document/declared-binds.ts";

/** Names under which variables stand in the environment of a printed call. */
export class VariableNames {
  readonly #names = new Map<string, string>();
  readonly #variables = new Map<string, BindVariable>();

  /** The variable's own name there, or for one from elsewhere, or with a name that no shell takes, one made of it. */
  of(variable: BindVariable): string {
    const { location = "", key } = variable;
    const identity = JSON.stringify([location, key]);
    const known = this.#names.get(identity);
    if (known !== undefined) return known;
    const plain = /^[A-Za-z_]\w*$/.test(key)
      ? key
      : key
          .toUpperCase()
          .replace(/\W/g, "_")
          .replace(/^(?=\d|$)/, "_");
    let name = plain;
    for (let number = 2; this.#variables.has(name); number++) name = `${plain}_${number}`;
    this.#names.set(identity, name);
    this.#variables.set(name, variable);
    return name;
  }

  /** Every name so far, with its variable. */
  entries(): Iterable<readonly [name: string, variable: BindVariable]> {
    return this.#variables;
  }
}
