import { runInProcess } from "./in-process.ts";
import { main } from "./main.ts";

/** Settles when the command is done; the exit code is set. */
export const finished: Promise<void> = runInProcess(main);
