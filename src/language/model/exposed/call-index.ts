import { getOrSet } from "../../../base/get-or-set.ts";
import type { Operation } from "../types.ts";

/** Unit that calls, as far as it tells operations of one name apart. */
interface CallingUnit {
  /** Number of units of the same server before it that call the same name. */
  readonly ordinal: number;
  /** Of a REST operation. */
  readonly route: { readonly method: string; readonly path: string } | undefined;
}

/** Operations by what a `call` names them: `namespace.operation` or `namespace.resource.operation`. */
export class CallIndex {
  readonly #operations = new Map<string, Operation[]>();

  constructor(operations: readonly Operation[]) {
    for (const operation of operations) {
      const { adapter, resource, name } = operation;
      getOrSet(this.#operations, `${adapter.namespace}.${name}`, () => []).push(operation);
      const long = `${adapter.namespace}.${resource}.${name}`;
      const known = getOrSet(this.#operations, long, () => []);
      if (!known.includes(operation)) known.push(operation);
    }
  }

  /** Tells whether several operations have the name. */
  isAmbiguous(call: string): boolean {
    return (this.#operations.get(call)?.length ?? 0) > 1;
  }

  /**
   * Finds the operation that a `call` names. Of several, a REST operation calls the one with the path of its route; the
   * others go by their order: the second unit that calls a name means the second operation of that name (language
   * chapter 11, row 12).
   */
  find(call: string, unit?: CallingUnit): Operation | undefined {
    const found = this.#operations.get(call);
    if (found === undefined || found.length === 1 || unit === undefined) return found?.[0];
    const { route, ordinal } = unit;
    const onRoute = route === undefined ? [] : found.filter(operation => isOnRoute(operation, route));
    return (onRoute.length === 1 ? onRoute[0] : undefined) ?? found[ordinal] ?? found[0];
  }
}

function isOnRoute({ method, path }: Operation, route: { readonly method: string; readonly path: string }): boolean {
  if (method !== route.method) return false;
  const consumed = normalised(path);
  const exposed = normalised(route.path);
  // Published files put a version in front of their routes.
  return exposed === consumed || exposed === `v1${consumed}`;
}

/** Returns the letters and digits of a text in lower case. */
export function normalised(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}
