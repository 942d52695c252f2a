import type { BindVariable } from "../../language/document/declared-binds.ts";

/** What a look-up is given besides the variable. */
export interface BindLookupOptions {
  /** Aborted when nobody waits for the value any longer: the time limit has passed. */
  readonly signal: AbortSignal;
}

/** The value of a variable, or `undefined` where there is none. */
export type BindValue = string | undefined | Promise<string | undefined>;

/**
 * Looks a variable up: for a program that keeps its values where no `location` of a file leads. It is asked for every
 * variable, and gives `undefined` for those it does not know. An error it throws is the reason in `BIND_MISSING`.
 */
export type BindFunction = (variable: BindVariable, options: BindLookupOptions) => BindValue;

/** One place where values of binds are looked up. */
export interface BindSource {
  /** Where it looks, for an error message: `environment variable CLERK_SECRET_KEY`. */
  describe(variable: BindVariable): string;
  /** Tells whether this source answers for the variable's location. */
  serves(variable: BindVariable): boolean;
  /**
   * The value, or `undefined` where the source has none.
   *
   * @throws Error whose message tells why the source cannot answer, and holds no secret
   */
  lookup(variable: BindVariable, options: BindLookupOptions): BindValue;
}

/** A function as a source like any other. */
export function functionSource(lookup: BindFunction): BindSource {
  return { describe: () => "a function of the program", serves: () => true, lookup };
}

/** A source that makes every value up, and remembers for which variables: for calls to a sandbox. */
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
 * Values of binds without a `location`, by key: the environment's, and those of `.env` files. A map, so that it does not
 * pass for an environment: no setting may be read from a file that was only found.
 */
export type BindValuesByKey = ReadonlyMap<string, string>;

/** Looks variables without a `location` up in an environment, such as `process.env`. */
export function environmentSource(env: Readonly<Record<string, string | undefined>>): BindSource {
  return unlocatedSource(key => (Object.hasOwn(env, key) ? env[key] : undefined));
}

/** Looks variables without a `location` up among values. */
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
