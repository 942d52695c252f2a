import path from "node:path";
import { build } from "esbuild";

const root = path.resolve(import.meta.dirname, "..");

/**
 * Bundles modules that are measured in a process of their own, or alone: the library has not all of them, and the command
 * has no modules.
 *
 * @param {string} name of the bundle
 * @param {readonly string[]} modules paths below `src`, without an ending
 * @returns {Promise<string>} path of the bundle, which exports what they export
 */
export async function bundleModules(name, modules) {
  const outfile = path.join(root, "node_modules", ".cache", "naftiko-bench", `${name}.mjs`);
  await build({
    stdin: {
      contents: modules.map(module => `export * from "./src/${module}.ts";`).join("\n"),
      resolveDir: root,
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile,
  });
  return outfile;
}
