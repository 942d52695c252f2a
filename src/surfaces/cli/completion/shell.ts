import type { Completion, TypedLine } from "./completion.ts";

/** Shells whose command line is completed. */
export type Shell = "bash" | "zsh" | "fish";

export const SHELLS: readonly Shell[] = ["bash", "zsh", "fish"];

/** Dealings with one shell: its script asks `naftiko __complete <shell> …` for each completion. */
export interface ShellRow {
  readonly script: string;
  /** Reads the arguments by which the script asks. */
  readLine(args: readonly string[]): TypedLine;
  /** Writes the answer: a line that tells what the others are, then one for each candidate. */
  writeAnswer(completion: Completion, args: readonly string[]): readonly string[];
}
