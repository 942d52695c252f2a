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
