import type { Diagnostic } from "../../../base/capability-error.ts";
import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import type { SourceLocation } from "../../../base/source-location.ts";
import { isGlob } from "../../overlays/matches-glob.ts";
import type { OverlayOrigin } from "../../overlays/resolved-overlay.ts";
import type { Operation } from "../types.ts";

/** Mistakes in an overlay, in view of the capability that it is laid over. */
export class OverlayFindings {
  readonly list: Diagnostic[] = [];

  /** Reports a setting that no capability could have. */
  malformed(origin: OverlayOrigin, message: string): void {
    this.#add("error", origin, message);
  }

  /** Reports a value that does not fit the capability. Under a glob it may be meant for others. */
  misfit(origin: OverlayOrigin, message: string): void {
    this.#add(severityOf(origin), origin, message);
  }

  /** Reports a key that names no part of the capability. Under a glob it may be meant for others. */
  unknown(origin: OverlayOrigin, message: string): void {
    this.#add(severityOf(origin), { pointer: origin.pointer, source: origin.keySource }, message);
  }

  #add(
    severity: Diagnostic["severity"],
    { pointer, source }: { readonly pointer: string; readonly source?: SourceLocation | undefined },
    message: string,
  ): void {
    this.list.push({
      severity,
      rule: "overlay",
      message,
      pointer,
      source,
    });
  }
}

/** Returns the message that an operation has no input of a name. */
export function noInput({ name, inputs }: Pick<Operation, "name" | "inputs">, input: string): string {
  const known = [...inputs.keys()];
  const takes = known.length === 0 ? "it takes none" : `its inputs are ${known.slice(0, 8).join(", ")}`;
  return `Operation "${name}" has no input ${JSON.stringify(input)}${didYouMean(suggest(input, known))} (${takes})`;
}

function severityOf({ capability }: OverlayOrigin): Diagnostic["severity"] {
  return isGlob(capability) ? "warning" : "error";
}
