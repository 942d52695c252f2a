import { spawn } from "node:child_process";
import path from "node:path";

/**
 * Runs a program to its end, without the variables that a capability could bind.
 *
 * @param {string} cwd
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Record<string, string>} [more] further variables
 * @returns {Promise<string>} its standard output
 * @throws Error with what it printed, unless its exit code is 0
 */
export async function run(cwd, program, args, more = {}) {
  const { CLERK_SECRET_KEY: _, NAFTIKO_PATH: __, ...env } = process.env;
  const child = spawn(program, args, { cwd, env: { ...env, ...more }, stdio: ["ignore", "pipe", "pipe"] });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", text => {
      printed[name] += text;
    });
  }
  const status = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const what = `${path.basename(program)} ${args.join(" ")}`;
  check(status === 0, `${what} failed in ${cwd}: ${`${printed.stdout}${printed.stderr}`.trim()}`);
  return printed.stdout;
}

/** Runs npm, which takes what it needs from its registry. */
export async function npm(cwd, args) {
  return run(cwd, "npm", [...args, "--no-audit", "--no-fund"]);
}

/** Throws an error with the problem unless it is right. */
export function check(isRight, problem) {
  if (!isRight) throw new Error(`Package check: ${problem}`);
}
