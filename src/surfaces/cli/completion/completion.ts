import type { CommandContext } from "../command-context.ts";

/** Possible words at the cursor. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Set where paths will do, too, or alone. */
  readonly paths?: PossiblePaths | undefined;
}

/** A word that the shell may put in the place of the one at the cursor. */
export interface Candidate {
  readonly text: string;
  readonly description: string;
  /** Whether more may follow in the same word, as behind `--input name=`. */
  readonly isOpen?: boolean;
}

/** Paths, which the shell completes itself. */
interface PossiblePaths {
  readonly kind: "file" | "folder";
  /** Beginning of the word that is not part of the path, such as `--env-file=` or `@`. */
  readonly behind: string;
}

/** A command line up to the cursor, without the name of the program. */
export interface TypedLine {
  readonly before: readonly string[];
  /** Beginning of the word at the cursor, without quotes. */
  readonly current: string;
}

/** Where completion looks. */
export type Surroundings = Pick<CommandContext, "env" | "cwd" | "stderr">;
