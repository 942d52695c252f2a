import { RemediedError } from "../../../src/base/remedy.ts";
import type { BindSurroundings } from "../../../src/engine/binds/bind-reader.ts";
import { locatedSource } from "../../../src/engine/binds/located-source.ts";
import type { BindVariable } from "../../../src/language/document/declared-binds.ts";

/** A look-up of one variable. */
export interface LookedUp {
  readonly location: string;
  readonly key?: string;
  readonly variable?: Partial<BindVariable>;
  readonly surroundings?: Partial<BindSurroundings>;
  readonly signal?: AbortSignal;
}

/** Returns the values that the source of located variables finds, or the message of its error. */
export async function lookUp({
  location,
  key = "token",
  variable = {},
  surroundings = {},
  signal = new AbortController().signal,
}: LookedUp): Promise<string | undefined> {
  const source = locatedSource({
    env: {},
    cwd: "/nonexistent/cwd",
    fileRoots: [],
    allowPlainHttp: false,
    tenant: undefined,
    maxAgeMs: undefined,
    ...surroundings,
  });
  const looked = { namespace: "safe", name: "TOKEN", key, pointer: "/binds/0/keys/TOKEN", location };
  try {
    return await source.lookup({ ...looked, ...variable }, { signal });
  } catch (error) {
    const remedy = RemediedError.remedyOf(error);
    return `error: ${(error as Error).message}${remedy === undefined ? "" : ` -> ${JSON.stringify(remedy)}`}`;
  }
}
