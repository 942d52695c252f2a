import type { Environment } from "../../base/environment.ts";
import { member } from "../../base/json-object.ts";
import type { BindVariable } from "../../language/document/declared-binds.ts";

/** The options of a look-up. */
export interface BindLookupOptions {
  /** Aborted when the time limit has passed and the value is not needed any longer. */
  readonly signal: AbortSignal;
}

/** The value of a variable, or `undefined` if there is none. */
export type BindValue = string | undefined | Promise<string | undefined>;

/**
 * A function that looks variables up, for programs that keep their values where no `location` of a file leads. It is
 * called for every variable, and returns `undefined` for those it does not know. An error that it throws is the reason in
 * `BIND_MISSING`.
 */
export type BindFunction = (variable: BindVariable, options: BindLookupOptions) => BindValue;

/** A place where values of binds are looked up. */
export interface BindSource {
  /** Returns the place where it looks, for an error message: `environment variable CLERK_SECRET_KEY`. */
  describe(variable: BindVariable): string;
  /** Returns whether this source answers for the variable's location. */
  serves(variable: BindVariable): boolean;
  /**
   * Returns the value, or `undefined` if the source has none.
   *
   * @throws Error with the reason why the source cannot answer, which contains no secret
   */
  lookup(variable: BindVariable, options: BindLookupOptions): BindValue;
}

/** Makes a source of a function. */
export function functionSource(lookup: BindFunction): BindSource {
  return { describe: () => "a function of the program", serves: () => true, lookup };
}

/** Creates a source that makes values up and remembers for which variables. Calls to a sandbox use it. */
export function standInSource(): BindSource & { readonly used: ReadonlySet<string> } {
  const used = new Set<string>();
  return {
    used,
    describe: () => "a stand-in value",
    serves: () => true,
    lookup(variable) {
      used.add(variable.name);
      return `sandbox-${variable.name.toLowerCase()}`;
    },
  };
}

/**
 * Values of binds without a `location`, by key: those of the environment and of `.env` files. It is a map so that it
 * cannot be passed as an environment: no setting may be read from a file that was only found.
 */
export type BindValuesByKey = ReadonlyMap<string, string>;

/** Creates a source of variables without a `location` from an environment, such as `process.env`. */
export function environmentSource(env: Environment): BindSource {
  return unlocatedSource(key => member(env, key));
}

/** Creates a source of variables without a `location` from values. */
export function valuesSource(values: BindValuesByKey): BindSource {
  return unlocatedSource(key => values.get(key));
}

function unlocatedSource(find: (key: string) => string | undefined): BindSource {
  return {
    describe: variable => `environment variable ${variable.key}`,
    serves: variable => variable.location === undefined,
    lookup: ({ key }) => find(key),
  };
}
