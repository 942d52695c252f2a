import { spawnSync } from "node:child_process";
import { chmod, copyFile, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { buildSchema } from "./build-schema.mjs";

// Builds everything that is not in the repository: the validators from the schema, the library (`dist/index.js` with
// its types), and the command (`dist/command.cjs`, one file, with a V8 code cache beside it).

const root = path.resolve(import.meta.dirname, "..");
const dist = path.join(root, "dist");

await rm(dist, { recursive: true, force: true });
await buildSchema();
await buildLibrary();
await buildCommand();

async function buildLibrary() {
  run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"]);
  const generated = path.join(dist, "validation", "generated");
  await mkdir(generated, { recursive: true });
  for (const name of ["validate-first.js", "validate-all.js"]) {
    await copyFile(path.join(root, "src", "validation", "generated", name), path.join(generated, name));
  }
}

/**
 * One CommonJS file: Node loads it without resolving packages, and V8 can cache its compiled code, which it cannot for
 * modules. Dynamic imports stay lazy inside it.
 */
async function buildCommand() {
  await build({
    absWorkingDir: root,
    entryPoints: ["src/cli/command.ts"],
    outfile: "dist/command.cjs",
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20.19",
    // `import()` becomes a lazy `require`: a script with a code cache has no module loader.
    supported: { "dynamic-import": false },
    // Not used by the command, which makes one call; reading it would only take time.
    external: ["undici"],
    // One byte a character, so that V8 reads the file as it is.
    charset: "ascii",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    mainFields: ["module", "main"],
    define: { "import.meta.url": "importMetaUrl" },
    banner: { js: 'const importMetaUrl=require("node:url").pathToFileURL(__filename).href;' },
    logLevel: "warning",
  });
  await copyFile(path.join(root, "scripts", "launcher.cjs"), path.join(dist, "naftiko.cjs"));
  await chmod(path.join(dist, "naftiko.cjs"), 0o755);
  // Makes the code cache: the launcher writes one where there is none.
  run(process.execPath, ["scripts/warm-command.mjs"]);
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
