import type { Operation } from "../capability/types.ts";
import { CapabilityError } from "../error/capability-error.ts";

/** A `REQUEST_INVALID` error: the request cannot be built, for a reason that is not one input's. */
export function requestInvalid(
  { name }: Pick<Operation, "name">,
  reason: string,
  more: { readonly pointer?: string; readonly cause?: unknown } = {},
): CapabilityError<"REQUEST_INVALID"> {
  return new CapabilityError("REQUEST_INVALID", {
    message: `Cannot prepare operation "${name}": ${reason}`,
    details: { operation: name },
    ...more,
  });
}
