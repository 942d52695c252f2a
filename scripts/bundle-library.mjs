import { readFile, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import path from "node:path";
import { decode, encode } from "@jridgewell/sourcemap-codec";
import { build, transform } from "esbuild";

// The library as modules: `dist/index.js` and, below it in `chunks/`, what it shares or imports on use. They have no
// `require`, no `import.meta` but for finding files of the package, and no import besides modules of Node: a program's
// bundler can take them into its own bundle, in either form of modules.

/**
 * Writes the library, with source maps.
 *
 * @param {string} root the folder of the package
 * @param {string} dist the folder to write to
 * @returns {Promise<string[]>} the files that it is made of, relative to the root
 */
export async function bundleLibrary(root, dist) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/index.ts"],
    outdir: dist,
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    charset: "utf8",
    legalComments: "none",
    sourcemap: "linked",
    metafile: true,
    // Its modules: esbuild gives an import on use of the CommonJS form no names.
    alias: { yaml: path.join(root, "node_modules/yaml/browser/index.js") },
    // Written by the builds of the threads.
    external: ["#decode-worker-text", "#script-worker-text"],
    logLevel: "warning",
    plugins: [requiredBuiltins],
  });
  for (const [name, { inputs }] of Object.entries(metafile.outputs)) {
    if (name.endsWith(".map")) continue;
    const file = path.resolve(root, name);
    const isPacked = isMostlyForeign(inputs);
    await shortenMap(`${file}.map`, isPacked);
    if (isPacked) await packClosely(file);
  }
  return Object.keys(metafile.inputs);
}

/**
 * Lets CommonJS packages load modules of Node where there is no `require`. A module of Node that this Node lacks is
 * `undefined` then.
 */
const requiredBuiltins = {
  name: "required-builtins",
  setup({ onResolve, onLoad }) {
    const builtins = new Set(builtinModules);
    onResolve({ filter: /./ }, ({ path: name, kind }) => {
      const isBuiltin = name.startsWith("node:") || builtins.has(name);
      return kind === "require-call" && isBuiltin ? { path: name, namespace: "required-builtin" } : undefined;
    });
    onLoad({ filter: /./, namespace: "required-builtin" }, ({ path: name }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(name)});`,
    }));
  },
};

/** Tells whether an input of the bundle is another package's, or made by this build. */
function isForeign(input) {
  return input.includes("node_modules/") || input.includes(":");
}

/** Tells whether nine parts in ten of an output are other packages', or made by this build. */
function isMostlyForeign(inputs) {
  const sizes = Object.entries(inputs).map(([input, { bytesInOutput }]) => [isForeign(input), bytesInOutput]);
  const sum = found => found.reduce((total, [, bytes]) => total + bytes, 0);
  return sum(sizes.filter(([foreign]) => foreign)) >= 0.9 * sum(sizes);
}

/** Takes out of a chunk what only readers need, and with it the places of its lines. Few look into other packages. */
async function packClosely(file) {
  const { code } = await transform(await readFile(file, "utf8"), {
    minifyWhitespace: true,
    minifySyntax: true,
    charset: "utf8",
    legalComments: "none",
    target: "node20.19",
  });
  await writeFile(file, code);
}

/**
 * Takes other packages out of a source map: their places are of use to nobody. Their names stay, by which
 * `check:package` finds the packages that are bundled.
 *
 * @param {string} file
 * @param {boolean} isPacked whether the output is packed closely: none of the places holds
 */
async function shortenMap(file, isPacked) {
  const map = JSON.parse(await readFile(file, "utf8"));
  const isOurs = map.sources.map(source => !isPacked && !isForeign(source));
  map.sourcesContent = map.sourcesContent.map((text, index) => (isOurs[index] ? text : null));
  map.mappings = isPacked ? "" : encode(decode(map.mappings).map(line => withoutForeign(line, isOurs)));
  await writeFile(file, JSON.stringify(map));
}

/** Returns the places of a line, without those in other packages. The first of these in a row ends the place before it. */
function withoutForeign(line, isOurs) {
  const places = line.map(place => (isOurs[place[1]] ? place : [place[0]]));
  return places.filter((place, index) => place.length > 1 || (places[index - 1]?.length ?? 0) > 1);
}
