import { MASK } from "./mask.ts";
import { maskValue, memberOf, type TextMask } from "./mask-value.ts";

/** A chain of causes is not followed further. */
const LONGEST_CHAIN = 16;

/** Which errors of a program's own functions stay as they are. */
export type Keep = (error: unknown) => boolean;

/**
 * A copy of an error without secrets, of the same class and with its code, where its message, stack, members, `cause` or
 * `errors` hold some; else the error itself. A thrown value that is no error is masked as a value.
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

/** A copy that `instanceof` takes for the original; what its class keeps privately it lacks. */
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
