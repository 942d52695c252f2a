import { MASK } from "./mask.ts";
import { maskValue, memberOf, type TextMask } from "./mask-value.ts";

/** Longest chain of causes that is followed. */
const LONGEST_CHAIN = 16;

/** Tells which errors of a program's own functions stay as they are. */
export type Keep = (error: unknown) => boolean;

/**
 * Copies an error that holds secrets in its message, stack, members, `cause` or `errors`: the copy has its class and
 * code, with the secrets masked. Returns an error without secrets as it is. A thrown value that is not an error is
 * masked as a value.
 */
export function maskError(error: unknown, mask: TextMask, keep: Keep, chain = 0): unknown {
  if (keep(error)) return error;
  if (!(error instanceof Error)) {
    const { value, hasChanged } = maskValue(error, mask);
    return hasChanged ? value : error;
  }
  if (chain > LONGEST_CHAIN) return new Error(MASK);
  const members = new Map<string, unknown>();
  let hasChanged = false;
  for (const name of Object.getOwnPropertyNames(error)) {
    const value = memberOf(error, name);
    const masked = maskMember(name, value, mask, keep, chain + 1);
    members.set(name, masked);
    hasChanged ||= masked !== value;
  }
  return hasChanged ? copyOf(error, members) : error;
}

function maskMember(name: string, value: unknown, mask: TextMask, keep: Keep, chain: number): unknown {
  if (typeof value === "string") return mask.field(name, value);
  if (name !== "errors" || !Array.isArray(value)) return maskError(value, mask, keep, chain);
  const masked = value.map(error => maskError(error, mask, keep, chain));
  return masked.some((error, index) => error !== value[index]) ? masked : value;
}

/** Returns a copy that `instanceof` accepts as the original. Private members of its class are missing. */
function copyOf(error: Error, members: ReadonlyMap<string, unknown>): Error {
  const copy = new Error();
  Reflect.deleteProperty(copy, "stack");
  Object.setPrototypeOf(copy, Object.getPrototypeOf(error));
  for (const [name, value] of members) {
    const enumerable = Object.getOwnPropertyDescriptor(error, name)?.enumerable ?? false;
    Object.defineProperty(copy, name, { value, enumerable, writable: true, configurable: true });
  }
  return copy;
}
