import type { Options } from "yargs";
import { sharedOptions } from "./command-module.ts";

/** Options of every command. */
export const GLOBAL_OPTIONS: Readonly<Record<string, Options>> = {
  verbose: { type: "boolean", alias: "v", describe: "Print the stack trace of a fault in naftiko" },
  ...sharedOptions("no-color", "no-pager", "no-input"),
};
