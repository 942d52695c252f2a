import { spawnSync } from "node:child_process";
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { interleave, ratio, row } from "./measure.mjs";

// `naftiko list` of 4,000 files as a whole process, next to `node -e 0`; and its first use, which reads them, next to
// js-yaml on the same files.

const COUNT = 4_000;
const root = path.resolve(import.meta.dirname, "..");
const JS_YAML = `const { load } = require("js-yaml"), fs = require("fs");
for (const name of fs.readdirSync(process.argv[1])) load(fs.readFileSync(process.argv[1] + "/" + name, "utf8"));`;

export async function benchCatalogue({ rounds = 21, builds = 3 } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "naftiko-catalogue-"));
  try {
    const files = path.join(folder, "files");
    await mkdir(files);
    const text = await readFile(path.join(root, "capabilities", "clerk-backend-api-api-keys.yaml"), "utf8");
    for (let index = 0; index < COUNT; index++) {
      const written = text.replace(/^( +label: ).*/m, `$1Clerk number ${index}`);
      await writeFile(path.join(files, `capability-${index}.yaml`), written);
    }
    const env = { ...process.env, XDG_CACHE_HOME: folder, NAFTIKO_PATH: "" };
    const milliseconds = (...args) => {
      const start = performance.now();
      const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: "ignore" });
      if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}`);
      return performance.now() - start;
    };
    const list = () => milliseconds(path.join(root, "dist", "naftiko.cjs"), "list", "--dir", files);
    const first = async () => {
      await rm(path.join(folder, "naftiko", "catalogue"), { recursive: true, force: true });
      return list();
    };
    const built = await interleave({ first, jsYaml: () => milliseconds("-e", JS_YAML, files) }, { rounds: builds });
    // What was written just before it was read is read twice.
    for (let use = 0; use < 3; use++) list();
    const used = await interleave(
      {
        node: () => milliseconds("-e", "0"),
        warm: list,
        changed: async () => {
          await appendFile(path.join(files, "capability-7.yaml"), "\n");
          const ms = list();
          await new Promise(resolve => setTimeout(resolve, 100));
          list();
          return ms;
        },
      },
      { rounds },
    );
    return [
      row("`naftiko list` of 4,000 files / `node -e 0`", ratio(used.warm, used.node), "≤ 1.8"),
      row("`naftiko list` where one of them has changed / `node -e 0`", ratio(used.changed, used.node), "≤ 2.2"),
      row("its first use / js-yaml on the files", ratio(built.first, built.jsYaml), "≤ 1"),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) console.log(await benchCatalogue());
