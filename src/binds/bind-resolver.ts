import type { BindVariable } from "../document/declared-binds.ts";
import { CapabilityError } from "../error/capability-error.ts";
import type { SecretMask } from "../error/mask-secrets.ts";
import type { BindSource } from "./bind-source.ts";

/** The values of the variables one call needs. */
export type BindValues = ReadonlyMap<BindVariable, string>;

/** A name that stands for no variable, such as `{{env.X}}` where no bind declares X; `problem` says why. */
export interface UndeclaredName {
  readonly kind: "undeclared";
  readonly name: string;
  readonly problem: string;
}

export interface BindRequest {
  /** Name of the operation, for messages. */
  readonly operation: string;
  readonly variables: readonly BindVariable[];
  readonly undeclared: readonly UndeclaredName[];
}

/**
 * Looks values up lazily through a chain of sources: the first that has one answers. Values are kept for the life of the
 * resolver; concurrent look-ups of one variable share one promise.
 */
export class BindResolver {
  readonly #sources: readonly BindSource[];
  readonly #secrets: SecretMask;
  readonly #values = new Map<BindVariable, string>();
  readonly #pending = new Map<BindVariable, Promise<string | undefined>>();

  constructor(sources: readonly BindSource[], secrets: SecretMask) {
    this.#sources = sources;
    this.#secrets = secrets;
  }

  /**
   * The values of all variables of a request. An empty value counts as missing (language chapter 3, rule 2).
   *
   * @throws CapabilityError `BIND_MISSING` naming every variable without a value, its bind, and where it was looked for
   */
  async resolve(request: BindRequest): Promise<BindValues> {
    const missing: string[] = request.undeclared.map(({ name, problem }) => `${name} (${problem})`);
    for (const variable of request.variables) {
      if (this.#values.has(variable)) continue;
      if ((await this.#lookup(variable)) === undefined) missing.push(this.#explain(variable));
    }
    if (missing.length === 0) return this.#values;
    const [first] = request.variables.filter(variable => !this.#values.has(variable));
    throw new CapabilityError("BIND_MISSING", {
      ...(first === undefined
        ? {}
        : first.fromConfig
          ? { source: first.source }
          : { pointer: first.pointer }),
      message: `Cannot prepare operation "${request.operation}": no value for ${missing.join("; ")}`,
      details: {
        operation: request.operation,
        variables: [
          ...request.undeclared.map(({ name }) => name),
          ...request.variables.filter(variable => !this.#values.has(variable)).map(variable => variable.name),
        ],
      },
    });
  }

  /** Tells whether a variable has a value, without telling the value. */
  async has(variable: BindVariable): Promise<boolean> {
    return (await this.#lookup(variable)) !== undefined;
  }

  /** What is looked up for a variable, for people. */
  describe(variable: BindVariable): string {
    const sources = this.#sources.filter(source => source.serves(variable));
    if (sources.length === 0) return `${variable.location}: no source for this location`;
    return [...new Set(sources.map(source => source.describe(variable)))].join(", ");
  }

  async #lookup(variable: BindVariable): Promise<string | undefined> {
    const known = this.#values.get(variable);
    if (known !== undefined) return known;
    let pending = this.#pending.get(variable);
    if (pending === undefined) {
      pending = this.#ask(variable).finally(() => this.#pending.delete(variable));
      this.#pending.set(variable, pending);
    }
    return pending;
  }

  async #ask(variable: BindVariable): Promise<string | undefined> {
    for (const source of this.#sources) {
      if (!source.serves(variable)) continue;
      const value = await source.lookup(variable);
      if (value === undefined || value === "") continue;
      this.#secrets.add(value);
      this.#values.set(variable, value);
      return value;
    }
    return undefined;
  }

  #explain(variable: BindVariable): string {
    return `${variable.name} of bind "${variable.namespace}" (looked for ${this.describe(variable)})`;
  }
}
