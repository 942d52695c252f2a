import { Console } from "node:console";
import type { LineOutput } from "../mcp/stdio/streams.ts";

/**
 * Standard output that a protocol has. What other code prints, such as by `console.log`, goes to standard error from then
 * on. A client that has gone, or does not read, is no failure of the command.
 */
export function protocolOutput({ stdout, stderr }: Pick<NodeJS.Process, "stdout" | "stderr">): LineOutput {
  globalThis.console = new Console(stderr);
  let failure: Error | undefined;
  stdout.on("error", (error: Error) => {
    failure = error;
  });
  return {
    write(line) {
      if (failure !== undefined) throw failure;
      return stdout.write(line);
    },
    written: () =>
      new Promise((resolve, reject) => {
        // Called when what was written before has gone.
        stdout.write("", error => (error ? reject(error) : resolve()));
      }),
  };
}
