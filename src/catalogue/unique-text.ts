import process from "node:process";

let count = 0;

/** Returns a text that is never returned again, by no process of this machine. */
export function uniqueText(): string {
  const now = Math.floor((performance.timeOrigin + performance.now()) * 1_000);
  return [now, process.pid, count++].map(number => number.toString(36)).join("-");
}
