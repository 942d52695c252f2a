import { CapabilityError } from "../../base/capability-error.ts";
import { ioReason } from "../../base/io-reason.ts";
import { RemediedError } from "../../base/remedy.ts";

/** A folder, or a file of it, cannot be given to a caller. The message is for callers: it names no place of this machine. */
export class FolderProblem extends Error {
  override readonly name = "FolderProblem";
  /**
   * `unsafe`: the path is refused whatever is there; `absent`: there is no such file, or no folder; `tooLarge`: it is
   * beyond the bounds; `failed`: it cannot be read. The operator can mend the last two, and learns more from the cause.
   */
  readonly kind: "unsafe" | "absent" | "tooLarge" | "failed";

  constructor(kind: FolderProblem["kind"], message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

/** Returns a problem for the operator, who may know the places of this machine. */
export function operatorError({ message, cause }: FolderProblem): CapabilityError<"IO_FAILED"> {
  const remedy = RemediedError.remedyOf(cause);
  return new CapabilityError("IO_FAILED", {
    message: `Cannot read a folder that the file names: ${cause instanceof Error ? ioReason(cause) : message}`,
    details: { reason: (cause as NodeJS.ErrnoException | undefined)?.code ?? "unknown" },
    ...(remedy === undefined ? {} : { remedies: [remedy] }),
    cause,
  });
}
