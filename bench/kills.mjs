import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { shared } from "../test/support/shared-writer.mjs";

// npm run bench:kills [-- <rounds> [<kind>]] : kills two processes in the middle of their writes to a shared file, again
// and again, and looks at the file each time: it must be whole, and hold all that was acknowledged. Exit code 1
// where it does not.

const [rounds = "200", only] = process.argv.slice(2);
const WRITER = path.join(import.meta.dirname, "../test/support/shared-writer.mjs");
/** Largest file, in bytes; then a new one is begun. A parser reads the file after each round. */
const LARGEST = 512 * 1024;

const folder = await mkdtemp(path.join(tmpdir(), "naftiko-kills-"));
try {
  for (const kind of Object.keys(shared)) if (only === undefined || only === kind) await killWriters(kind);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function killWriters(kind) {
  let file = "";
  let acknowledged = new Set();
  let total = 0;
  let longest = 0;
  for (let round = 1; round <= Number(rounds); round++) {
    if (file === "" || (await stat(file)).size > LARGEST) {
      file = path.join(folder, `${kind}-${round}`);
      acknowledged = new Set();
    }
    const startedAt = performance.now();
    const writers = ["a", "b"].map(name => startWriter(kind, file, `${name}${round}`));
    await Promise.all(writers.map(writer => writer.acknowledges(1)));
    longest = Math.max(longest, performance.now() - startedAt);
    await writers[0].acknowledges(1 + Math.floor(Math.random() * 20));
    await new Promise(resolve => setTimeout(resolve, Math.random() * 10));
    for (const writer of writers) writer.child.kill("SIGKILL");
    for (const writer of writers) for (const item of await writer.finished) acknowledged.add(item);
    total += writers.reduce((sum, { items }) => sum + items.length, 0);
    const found = new Set(await shared[kind].read(file));
    const lost = [...acknowledged].filter(item => !found.has(item));
    if (lost.length > 0) {
      console.log(`${kind}: round ${round} has lost ${lost.join(", ")}`);
      process.exitCode = 1;
      return;
    }
  }
  // Left beside the last file: each killed writer may have left one, which the next writer would have removed.
  const own = `.${path.basename(file)}.`;
  const left = (await readdir(folder)).filter(name => name.startsWith(own) && name.endsWith(".tmp"));
  console.log(
    `${kind}: ${rounds} rounds, ${total} acknowledged, none lost; ${left.length} temporary files are left; ` +
      `longest start until both have written ${Math.round(longest)} ms`,
  );
  if (left.length > 2) process.exitCode = 1;
}

function startWriter(kind, file, name) {
  const child = spawn(process.execPath, [WRITER, kind, file, name], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  const items = [];
  child.stdout.setEncoding("utf8").on("data", chunk => {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop();
    items.push(...lines);
  });
  return {
    child,
    items,
    finished: new Promise(resolve => child.on("close", () => resolve(items))),
    acknowledges: count =>
      new Promise((resolve, reject) => {
        const check = () => items.length >= count && resolve();
        check();
        child.stdout.on("data", check);
        child.on("close", code => reject(new Error(`A writer of ${kind} has ended with ${code}`)));
      }),
  };
}
