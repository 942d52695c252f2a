import { realpathSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import type { Environment } from "../../../base/environment.ts";
import { packageFolder } from "../../../engine/package-folder.ts";

/** The words that start this very command, whatever `PATH` a program has. */
export function ownCommand(env: Environment): { readonly command: string; readonly args: readonly string[] } {
  const folder = packageFolder();
  if (folder === undefined) throw new Error("the command is not in its package");
  return { command: nodeOf(env), args: [path.join(folder, "dist", "naftiko.cjs")] };
}

/**
 * Returns the path of the running Node. Package managers keep each version in a folder of its own, which the next one
 * replaces: the name by which `PATH` leads to it stays.
 */
function nodeOf(env: Environment): string {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const running = realpathSync(process.execPath);
  for (const folder of (env["PATH"] ?? "").split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, name);
    if (targetOf(file) === running) return file;
  }
  return process.execPath;
}

function targetOf(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
