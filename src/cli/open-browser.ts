import { spawn } from "node:child_process";

/**
 * Starts the user's browser, where there is one to be started.
 *
 * @param url an `http` or `https` URL: it goes to a program that would open anything
 * @returns whether it was tried; whether it worked nobody tells
 */
export function openBrowser(url: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const command = browserCommand(env);
  if (command === undefined || !/^https?:/.test(url)) return false;
  const [program, ...args] = command;
  const child = spawn(program, [...args, url], { detached: true, stdio: "ignore" });
  child.on("error", () => {});
  child.unref();
  return true;
}

function browserCommand(
  env: Readonly<Record<string, string | undefined>>,
): readonly [program: string, ...args: string[]] | undefined {
  if (process.platform === "darwin") return ["open"];
  if (process.platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return env["DISPLAY"] || env["WAYLAND_DISPLAY"] ? ["xdg-open"] : undefined;
}
