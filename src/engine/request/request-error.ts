import { CapabilityError } from "../../base/capability-error.ts";
import type { Remedy } from "../../base/remedy.ts";
import type { SourceLocation } from "../../base/source-location.ts";
import type { Operation } from "../../language/model/types.ts";
import type { OverlayOrigin } from "../../language/overlays/resolved-overlay.ts";

/** Place of a declaration: in the file, or in the overlay that sets it. */
export interface ErrorPlace {
  readonly pointer?: string;
  readonly source?: SourceLocation | undefined;
}

/** Returns the place of a declaration: in the overlay that replaces it, else in the file. */
export function errorPlace(pointer: string, origin: OverlayOrigin | undefined): ErrorPlace {
  return origin === undefined ? { pointer } : { source: origin.source };
}

/** Creates a `REQUEST_INVALID` error: the request cannot be built, and the cause is not a single input. */
export function requestInvalid(
  { name }: Pick<Operation, "name">,
  reason: string,
  more: ErrorPlace & { readonly cause?: unknown; readonly remedies?: readonly Remedy[] } = {},
): CapabilityError<"REQUEST_INVALID"> {
  return new CapabilityError("REQUEST_INVALID", {
    message: `Cannot prepare operation "${name}": ${reason}`,
    details: { operation: name },
    ...more,
  });
}
