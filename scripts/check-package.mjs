import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

// npm run check:package : packs the package, checks what is in it, installs it into an empty folder, and uses the
// command, the library and its types from there.

const root = path.resolve(import.meta.dirname, "..");
const manifest = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));

/** Files that the package may hold. Any other is there by mistake. */
const ALLOWED = [
  /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^dist\/[\w/.-]+\.(?:js|cjs|d\.ts)$/,
  new RegExp(`^dist/command\\.${process.version.replaceAll(".", "\\.")}\\.${process.arch}\\.cache$`),
  /^capabilities\/[\w.-]+\.ya?ml$/,
  /^schema\/[\w.-]+\.json$/,
  /^scripts\/fit-launcher\.cjs$/,
];
const REQUIRED = [
  "package.json",
  "README.md",
  "LICENSE",
  "CHANGELOG.md",
  "dist/index.js",
  "dist/index.d.ts",
  "dist/naftiko.cjs",
  "dist/command.cjs",
  "dist/command-rest.cjs",
  "scripts/fit-launcher.cjs",
  "capabilities/clerk-backend-api-api-keys.yaml",
  "schema/naftiko.schema.json",
  "schema/config.schema.json",
];

const CALL = ["run", "clerk-backend-api-api-keys", "createApiKey", "--mock", "--body", '{"name":"ci"}'];

const LIBRARY_PROGRAM = `
import assert from "node:assert/strict";
import { createMemoryTransport, isCapabilityError, openCapability } from "naftiko";

const body = new TextEncoder().encode('{"id":"ak_1"}');
const clerk = await openCapability("clerk-backend-api-api-keys", {
  env: { CLERK_SECRET_KEY: "sk_test_1" },
  transport: createMemoryTransport(() => ({ body })),
});
const request = await clerk.prepare("getApiKey", { apiKeyID: "ak 1" });
assert.equal(request.url, "https://api.clerk.com/v1/api_keys/ak%201");
assert.deepEqual((await clerk.run("getApiKey", { apiKeyID: "ak_1" })).outputs, { result: { id: "ak_1" } });
await assert.rejects(clerk.run("getApiKey"), error => isCapabilityError(error, "INPUT_MISSING"));
await clerk.close();

for (const name of ${JSON.stringify(Object.keys(manifest.exports).map(key => path.posix.join(manifest.name, key)))}) {
  assert.ok((await import("node:fs")).existsSync(new URL(import.meta.resolve(name))), name);
}
await assert.rejects(import("naftiko/dist/engine/call.js"), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });
`;

const TYPED_PROGRAM = `
import { type Capability, isCapabilityError, openCapability, type RunResult } from "naftiko";

export async function call(env: Record<string, string | undefined>): Promise<RunResult | string> {
  await using clerk: Capability = await openCapability("clerk-backend-api-api-keys", { env, timeoutMs: 5_000 });
  try {
    return await clerk.run("getApiKeys", { subject: "user_1" }, { signal: AbortSignal.timeout(1_000) });
  } catch (error) {
    if (isCapabilityError(error, "HTTP_STATUS")) return String(error.details.status);
    // @ts-expect-error There is no such code.
    if (isCapabilityError(error, "NO_SUCH_CODE")) return "";
    throw error;
  }
}
`;

const folder = await mkdtemp(path.join(tmpdir(), "naftiko-package-"));
try {
  const tarball = await pack();
  const installed = await install(tarball);
  await useCommand(installed);
  await useLibrary(installed);
  await useTypes(installed);
  console.log("package: all checks passed");
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function pack() {
  // The scripts' own output would mix with the JSON: they run first, as npm would run them.
  npm(root, ["run", "prepare", "--silent"]);
  const [packed] = JSON.parse(npm(root, ["pack", "--json", "--ignore-scripts", "--pack-destination", folder]));
  const files = packed.files.map(file => file.path);
  for (const file of files) {
    check(
      ALLOWED.some(pattern => pattern.test(file)),
      `the package holds ${file}`,
    );
  }
  for (const file of REQUIRED) check(files.includes(file), `the package lacks ${file}`);
  // A launcher that was fitted to this machine would go to all.
  const launcher = await readFile(path.join(root, "dist", "naftiko.cjs"), "utf8");
  check(launcher.startsWith("#!/usr/bin/env -S node --\n"), "the launcher's first line is of this machine");
  const kilobytes = bytes => `${(bytes / 1024).toFixed(0)} kB`;
  console.log(
    `package: ${files.length} files, ${kilobytes(packed.size)} packed, ${kilobytes(packed.unpackedSize)} unpacked`,
  );
  return path.join(folder, packed.filename);
}

async function install(tarball) {
  const empty = path.join(folder, "empty");
  await mkdir(empty);
  await writeFile(path.join(empty, "package.json"), '{ "private": true, "type": "module" }');
  npm(empty, ["install", "--no-audit", "--no-fund", tarball]);
  return empty;
}

async function useCommand(cwd) {
  const command = path.join(cwd, "node_modules", ".bin", "naftiko");
  check(run(cwd, command, ["--version"]) === `${manifest.version}\n`, "the command tells another version");
  const { result } = JSON.parse(run(cwd, command, CALL));
  check(result.name === "ci" && typeof result.id === "string", "the command gives another result");
}

async function useLibrary(cwd) {
  await writeFile(path.join(cwd, "program.js"), LIBRARY_PROGRAM);
  run(cwd, process.execPath, ["program.js"]);
}

/** Checks the types as a strict program would, the package's own declarations too. */
async function useTypes(cwd) {
  await writeFile(path.join(cwd, "typed.ts"), TYPED_PROGRAM);
  const compilerOptions = {
    target: "es2023",
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: ["node"],
    typeRoots: [path.join(root, "node_modules", "@types")],
  };
  await writeFile(path.join(cwd, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["typed.ts"] }));
  run(cwd, process.execPath, [path.join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "."]);
}

function npm(cwd, args) {
  return run(cwd, "npm", args);
}

/** Runs a program to its end, without the variables that a capability could bind. Returns its standard output. */
function run(cwd, program, args) {
  const { CLERK_SECRET_KEY: _, NAFTIKO_PATH: __, ...env } = process.env;
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  const what = `${path.basename(program)} ${args.join(" ")}`;
  check(status === 0, `${what} failed: ${error?.message ?? `${stdout}${stderr}`.trim()}`);
  return stdout;
}

function check(isRight, problem) {
  if (isRight) return;
  throw new Error(`Package check: ${problem}`);
}
