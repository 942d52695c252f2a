import { CapabilityError } from "../../base/capability-error.ts";
import type { SourceLocation } from "../../base/source-location.ts";
import type { Operation } from "../../language/model/types.ts";
import type { OverlayOrigin } from "../../language/overlays/resolved-overlay.ts";

/** Where a declaration stands: in the file, or where an overlay sets it. */
export interface ErrorPlace {
  readonly pointer?: string;
  readonly source?: SourceLocation | undefined;
}

/** The place of a declaration of the file, or of the overlay that takes its place. */
export function placeOf(pointer: string, origin: OverlayOrigin | undefined): ErrorPlace {
  return origin === undefined ? { pointer } : { source: origin.source };
}

/** A `REQUEST_INVALID` error: the request cannot be built, for a reason that is not one input's. */
export function requestInvalid(
  { name }: Pick<Operation, "name">,
  reason: string,
  more: ErrorPlace & { readonly cause?: unknown } = {},
): CapabilityError<"REQUEST_INVALID"> {
  return new CapabilityError("REQUEST_INVALID", {
    message: `Cannot prepare operation "${name}": ${reason}`,
    details: { operation: name },
    ...more,
  });
}
