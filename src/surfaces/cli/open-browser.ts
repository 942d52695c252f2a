import { spawn } from "node:child_process";
import type { Environment } from "../../base/environment.ts";
import { findProgram } from "../../engine/binds/exec/run-program.ts";

/**
 * Starts the user's browser, where the system has one.
 *
 * @param url an `http` or `https` URL: it goes to a program that would open anything
 * @param env the environment of the process: its `PATH` tells where programs are
 * @returns whether it was tried; its success cannot be known
 */
export function openBrowser(url: string, env: Environment): boolean {
  const command = browserCommand(env);
  if (command === undefined || !/^https?:/.test(url)) return false;
  const [name, ...args] = command;
  const program = findProgram(name, env, process.cwd());
  if (program === undefined) return false;
  const child = spawn(program, [...args, url], { detached: true, stdio: "ignore" });
  child.on("error", () => {});
  child.unref();
  return true;
}

function browserCommand(env: Environment): readonly [program: string, ...args: string[]] | undefined {
  if (process.platform === "darwin") return ["open"];
  if (process.platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return env["DISPLAY"] || env["WAYLAND_DISPLAY"] ? ["xdg-open"] : undefined;
}
