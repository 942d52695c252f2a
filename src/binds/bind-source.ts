import type { BindVariable } from "../document/declared-binds.ts";

/** One place where values of binds are looked up. */
export interface BindSource {
  /** Where it looks, for an error message: `the environment variable CLERK_SECRET_KEY`. */
  describe(variable: BindVariable): string;
  /** Tells whether this source answers for the variable's location. */
  serves(variable: BindVariable): boolean;
  /** The value, or `undefined` where the source has none. */
  lookup(variable: BindVariable): string | undefined | Promise<string | undefined>;
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

/** Looks variables without a `location` up in an environment, such as `process.env`. */
export function environmentSource(env: Readonly<Record<string, string | undefined>>): BindSource {
  return {
    describe: variable => `environment variable ${variable.key}`,
    serves: variable => variable.location === undefined,
    lookup({ key }) {
      const value: unknown = Object.hasOwn(env, key) ? env[key] : undefined;
      if (value === undefined || typeof value === "string") return value;
      throw new TypeError(`The environment variable ${key} must be a string, found ${typeof value}`);
    },
  };
}
