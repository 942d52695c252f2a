import { isUtf8 } from "node:buffer";
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import type { Environment } from "../../../base/environment.ts";

interface Program {
  readonly command: readonly [program: string, ...args: string[]];
  readonly cwd: string;
  readonly env: Environment;
  /** Ends the program and the processes that it has started. */
  readonly signal: AbortSignal;
}

/** Limit of the output of a program, in bytes: it prints a few credentials. */
const MAX_BYTES = 64 * 1024;

/** The output of a program that succeeded, or the first line of its complaints. */
export type Printed =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly how: string; readonly stdout: string; readonly complaint: string };

/**
 * Runs a program without a shell and with an empty standard input.
 *
 * @throws Error with the reason why there is no usable output
 */
export async function runProgram({ command, cwd, env, signal }: Program): Promise<Printed> {
  const [program, ...args] = command;
  // A group of its own, so that the processes that it starts end with it.
  const isGroup = process.platform !== "win32";
  const file = findProgram(program, env, cwd);
  if (file === undefined) throw new Error("the command cannot be run: ENOENT");
  const child = spawn(file, args, {
    argv0: program,
    cwd,
    env: { ...env },
    shell: false,
    stdio: ["ignore", "pipe", "pipe"],
    detached: isGroup,
    windowsHide: true,
  });
  const stop = () => end(child, isGroup);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await gather(child, stop);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function gather(child: ChildProcess, stop: () => void): Promise<Printed> {
  const stdout: Buffer[] = [];
  let stderr = "";
  let length = 0;
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MAX_BYTES) stdout.push(chunk);
      else {
        reject(new Error(`the command prints more than ${MAX_BYTES} bytes`));
        stop();
      }
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      if (stderr.length < MAX_BYTES) stderr += text;
    });
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(new Error(`the command cannot be run: ${error.code ?? error.message}`)),
    );
    child.on("close", (code, killedBy) => {
      const bytes = Buffer.concat(stdout);
      if (code === 0 && !isUtf8(bytes)) reject(new Error("the output of the command is not UTF-8 text"));
      const text = bytes.toString("utf8");
      if (code === 0) resolve({ ok: true, text: text.replace(/\r?\n$/, "") });
      const how = code === null ? `was ended by ${killedBy}` : `ended with exit code ${code}`;
      const [complaint = ""] = stderr.trimStart().split("\n", 1);
      resolve({ ok: false, how, stdout: text, complaint });
    });
  });
}

function end({ pid }: ChildProcess, isGroup: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(isGroup ? -pid : pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Extensions of files that can be started without a shell. */
const WINDOWS_EXTENSIONS = [".com", ".exe"] as const;

/**
 * Finds the file of a program. A name is only looked for in the absolute folders of `PATH`, not in the folder that the
 * program runs in: systems look there too if `PATH` has an empty or relative entry, and Windows always does. A path is
 * relative to that folder.
 *
 * @param folder the folder in which the program will run
 * @returns an absolute path, or `undefined` if there is no such program
 */
export function findProgram(name: string, env: Environment, folder: string): string | undefined {
  const isPath = name.includes("/") || name.includes(path.sep);
  const starts = isPath ? [folder] : searchPath(env).filter(entry => path.isAbsolute(entry));
  for (const start of starts) {
    for (const candidate of candidates(path.resolve(start, name))) if (isProgram(candidate)) return candidate;
  }
  return undefined;
}

function searchPath(env: Environment): string[] {
  // Windows spells it Path.
  const name = Object.keys(env).find(key => key === "PATH" || (isWindows() && key.toUpperCase() === "PATH"));
  return (name === undefined ? "" : (env[name] ?? "")).split(path.delimiter);
}

function candidates(file: string): string[] {
  if (!isWindows()) return [file];
  const hasExtension = WINDOWS_EXTENSIONS.some(extension => file.toLowerCase().endsWith(extension));
  return hasExtension ? [file] : WINDOWS_EXTENSIONS.map(extension => file + extension);
}

function isProgram(file: string): boolean {
  try {
    if (!statSync(file).isFile()) return false;
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isWindows(): boolean {
  return process.platform === "win32";
}
