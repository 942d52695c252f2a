import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Environment } from "../../base/environment.ts";
import { splitCommand } from "../../engine/binds/exec/split-command.ts";
import type { PrintedText } from "./printed-text.ts";

/** The terminal that a text is shown on. */
interface Screen {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Shows a text by the user's pager if it is longer than the screen: `NAFTIKO_PAGER`, else `PAGER`, else `less`. No shell
 * reads the command. An empty one and `cat` mean none.
 *
 * @returns whether the text was shown
 */
export async function pageText(text: PrintedText, env: Environment, screen: Screen): Promise<boolean> {
  const written = (env["NAFTIKO_PAGER"] ?? env["PAGER"] ?? "less").trim();
  if (written === "" || written === "cat" || !isLonger(text, screen)) return false;
  // As git does: less ends at once where all fits, keeps colours, and leaves the text on the screen.
  const settings = { LESS: "FRX", LV: "-c", ...env };
  try {
    const [program, ...args] = splitCommand(written);
    const child = spawn(program, args, { stdio: ["pipe", "inherit", "inherit"], env: settings });
    // A pager that is left early does not read the rest.
    child.stdin.on("error", () => {});
    child.stdin.end(text);
    // Rejects with the error of a program that cannot be started.
    await once(child, "close");
    return true;
  } catch {
    // It is not installed, or not a command.
    return false;
  }
}

function isLonger(text: string, { rows, columns }: Screen): boolean {
  let left = rows - 1;
  for (const line of text.split("\n")) {
    left -= Math.max(1, Math.ceil(line.length / Math.max(1, columns)));
    if (left < 0) return true;
  }
  return false;
}
