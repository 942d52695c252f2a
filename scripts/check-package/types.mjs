import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { npm, run } from "./run.mjs";

// The types as strict programs use them, by each version of TypeScript and each way to find packages. The package's own
// declarations are checked too.

const VERSIONS = ["5.0", "5.4", "5.9", "6", "7"];
const NODE_TYPES = "@types/node@20";
const WAYS = [
  { files: ["typed.mts", "typed.cts"], module: "nodenext" },
  { files: ["typed.ts"], module: "esnext", moduleResolution: "bundler" },
];

const PROGRAM = `
import { type Capability, isCapabilityError, openCapability, type RunResult } from "naftiko";

interface Key {
  readonly id: string;
}

export async function call(env: Record<string, string | undefined>): Promise<RunResult | string> {
  const clerk: Capability = await openCapability("clerk-backend-api-api-keys", { env, timeoutMs: 5_000 });
  try {
    const { outputs } = await clerk.run<Key>("getApiKey", { apiKeyID: "ak_1" });
    const subject: string = outputs.id;
    // @ts-expect-error There is no such member.
    outputs.none;
    return await clerk.run("getApiKeys", { subject }, { signal: AbortSignal.timeout(1_000) });
  } catch (error) {
    if (isCapabilityError(error, "HTTP_STATUS")) return String(error.details.status);
    // @ts-expect-error There is no such code.
    if (isCapabilityError(error, "NO_SUCH_CODE")) return "";
    throw error;
  } finally {
    await clerk[Symbol.asyncDispose]();
  }
}
`;

/**
 * Checks the types.
 *
 * @param {string} installed the folder of the installed package
 * @param {string} cwd a folder to make
 */
export async function checkTypes(installed, cwd) {
  await mkdir(cwd);
  await writeFile(path.join(cwd, "package.json"), '{ "private": true }');
  const compilers = VERSIONS.map(version => `typescript-${version}@npm:typescript@${version}`);
  await npm(cwd, ["install", NODE_TYPES, ...compilers]);
  await symlink(installed, path.join(cwd, "node_modules", "naftiko"), "junction");
  for (const file of WAYS.flatMap(({ files }) => files)) await writeFile(path.join(cwd, file), PROGRAM);
  for (const version of VERSIONS) {
    for (const { files, ...way } of WAYS) {
      const compilerOptions = {
        target: "es2022",
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
        types: ["node"],
        ...way,
      };
      await writeFile(path.join(cwd, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
      const compiler = path.join(cwd, "node_modules", `typescript-${version}`, "bin", "tsc");
      await run(cwd, process.execPath, [compiler, "-p", "."]);
    }
  }
  console.log(`package: types checked by TypeScript ${VERSIONS.join(", ")}`);
}
