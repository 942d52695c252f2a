import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openCapability } from "../dist/index.js";
import { interleave, ratio, row } from "./measure.mjs";

// Opening one capability by name from a folder of 10,000 files, next to a folder of 10.

export async function benchLookup({ rounds = 31 } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "naftiko-lookup-"));
  try {
    const text = await readFile(
      path.join(import.meta.dirname, "..", "capabilities", "clerk-backend-api-api-keys.yaml"),
    );
    const dirs = {};
    for (const count of [10, 10_000]) {
      dirs[count] = path.join(folder, String(count));
      await mkdir(dirs[count]);
      for (let index = 0; index < count; index++) {
        await writeFile(path.join(dirs[count], `capability-${index}.yaml`), index === 7 ? text : "naftiko: 1\n");
      }
    }
    const open = dir => async () => {
      const start = performance.now();
      for (let index = 0; index < 20; index++) await openCapability("capability-7", { dirs: [dir], env: {} });
      return performance.now() - start;
    };
    const figures = await interleave({ many: open(dirs[10_000]), few: open(dirs[10]) }, { rounds, warmUp: 3 });
    return [row("look-up among 10,000 files / among 10", ratio(figures.many, figures.few), "1")];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
