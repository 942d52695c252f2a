import { readFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

// The command as two scripts. `command.cjs` holds the code of every call, and Node reads it with its code cache.
// `command-rest.cjs` holds the lazy files and those behind an `import()`, and is read when one of them is first used.
// Every module is in one of the two alone: an error made in one is an `instanceof` its class in the other.

/**
 * Writes the two scripts.
 *
 * @param entry the command, relative to the root; it exports `finished`
 * @param options esbuild's, for both scripts, with `absWorkingDir` and `plugins`
 * @param lazy files, relative to the root, that few calls need though they are imported statically. Their functions are
 *   looked up on use; evaluating the files has no effect
 * @param wrapper banner and footer of the first script
 * @returns the files that it is made of, relative to the root
 */
export async function bundleCommand(entry, dist, options, { lazy, ...wrapper }) {
  const root = options.absWorkingDir;
  const { inputs } = await modulesBehind(entry, options);
  const isLazy = new Set(lazy);
  const first = staticClosure(entry, inputs, isLazy);
  const rest = new Set(
    Object.values(inputs)
      .flatMap(({ imports }) => imports)
      .filter(({ path: file, kind, external }) => kind === "dynamic-import" && !external && !first.has(file))
      .map(({ path: file }) => file)
      .concat(lazy),
  );
  const standIns = new Map();
  for (const { file, exports } of await exportsOf(lazy, options)) {
    standIns.set(file, standIn(file, exports, await readFile(path.join(root, file), "utf8")));
  }

  const offers = await exportsOf(sharedModules(first, inputs), options);
  const imports = offers.map(({ file }, index) => `import * as m${index} from "./${file}";`);
  // In a function, which is not even compiled before the second script asks.
  const cases = offers.map(({ file, exports }, index) => {
    const members = exports.map(name => `get ${name}() { return m${index}.${name}; }`);
    return `case "${file}": return { ${members.join(", ")} };`;
  });
  await build({
    ...options,
    ...wrapper,
    stdin: moduleText(root, `import "naftiko:offers"; export { finished } from "./${entry}";`),
    outfile: path.join(dist, "command.cjs"),
    external: [...options.external, "./command-rest.cjs"],
    plugins: [
      virtualModules(root, {
        first: "exports.script = {};",
        // Evaluated before the command, which may ask for a lazy file at once.
        offers: `${imports.join("\n")}
          import { script } from "naftiko:first";
          script.load = file => { switch (file) { ${cases.join("\n")} } };`,
        replace: file => standIns.get(file) ?? (rest.has(file) ? `module.exports = ${opened(file)};` : undefined),
      }),
      builtinDefaults,
      ...options.plugins,
    ],
  });
  await build({
    ...options,
    stdin: moduleText(
      root,
      `import { link } from "naftiko:first";
      const modules = {
        ${[...rest].map(file => `"${file}": () => require("./${file}")`).join(",\n")}
      };
      export function open(script, file) { link(script); return modules[file](); }`,
    ),
    outfile: path.join(dist, "command-rest.cjs"),
    plugins: [
      virtualModules(root, {
        first: "exports.link = script => { exports.script = script; };",
        replace: file =>
          first.has(file) ? `module.exports = require("naftiko:first").script.load("${file}");` : undefined,
      }),
      builtinDefaults,
      ...options.plugins,
    ],
  });
  return Object.keys(inputs);
}

/** Opens a module of the second script, from the first. */
function opened(file) {
  return `require("./command-rest.cjs").open(require("naftiko:first").script, "${file}")`;
}

/**
 * Returns the text of a module that opens a lazy file on use. Functions are called by functions, which cost least to
 * define. Other exports are looked up.
 */
function standIn(file, exports, source) {
  const functions = new Set(Array.from(source.matchAll(/^export (?:async )?function (\w+)/gm), ([, name]) => name));
  const isOfFunctions = exports.every(name => functions.has(name));
  const members = exports.map(name =>
    isOfFunctions
      ? `export function ${name}(...args) { return ${opened(file)}.${name}(...args); }`
      : `Object.defineProperty(exports, "${name}", { enumerable: true, get: () => ${opened(file)}.${name} });`,
  );
  return members.join("\n");
}

async function modulesBehind(entry, options) {
  const { metafile } = await build({
    ...options,
    entryPoints: [entry],
    outdir: options.absWorkingDir,
    write: false,
    metafile: true,
  });
  return metafile;
}

/** Lists the exports of each module, besides types. */
async function exportsOf(files, options) {
  const { metafile } = await build({
    ...options,
    entryPoints: files,
    bundle: false,
    external: undefined,
    plugins: [],
    format: "esm",
    // Only the names are wanted, and a module has no `require`.
    logOverride: { "unsupported-require-call": "silent" },
    outdir: options.absWorkingDir,
    write: false,
    metafile: true,
  });
  return Object.values(metafile.outputs).map(({ entryPoint, exports }) => ({ file: entryPoint, exports }));
}

/** Returns the module, and those that are evaluated with it. */
function staticClosure(entry, inputs, isLazy) {
  const found = new Set([entry]);
  for (const file of found) {
    for (const { path: imported, kind, external } of inputs[file].imports) {
      if (!external && kind !== "dynamic-import" && !isLazy.has(imported)) found.add(imported);
    }
  }
  return found;
}

/** Returns the modules of the first script that other modules import. */
function sharedModules(first, inputs) {
  const outside = Object.entries(inputs).filter(([file]) => !first.has(file));
  const imported = new Set(outside.flatMap(([, { imports }]) => imports.map(({ path: file }) => file)));
  return [...first].filter(file => imported.has(file));
}

function moduleText(root, contents) {
  return { contents, resolveDir: root, loader: "js" };
}

/**
 * Provides modules that are not files: `naftiko:first`, through which the two scripts find each other,
 * `naftiko:offers`, and those that `replace` returns a text for. Those of CommonJS are evaluated on use.
 */
function virtualModules(root, { first, offers, replace }) {
  return {
    name: "virtual-modules",
    setup({ onResolve, onLoad }) {
      const made = { "naftiko:first": first, "naftiko:offers": offers };
      const text = file => made[file] ?? replace(file);
      onResolve({ filter: /^naftiko:|^\.{1,2}\// }, ({ path: name, resolveDir }) => {
        const file = name.startsWith(".") ? path.relative(root, path.resolve(resolveDir, name)) : name;
        return text(file) === undefined ? undefined : { path: file, namespace: "virtual" };
      });
      onLoad({ filter: /.*/, namespace: "virtual" }, ({ path: file }) => moduleText(root, text(file)));
    },
  };
}

/**
 * Takes the default export of a module of Node as it is. esbuild would copy all members of the module into a new object,
 * once for each file that imports it.
 */
const builtinDefaults = {
  name: "builtin-defaults",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(?:path|process|zlib)$/ }, ({ path: name, kind }) =>
      kind === "import-statement" ? { path: name, namespace: "builtin" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path: name }) => ({
      contents: `export default require("${name}");`,
    }));
  },
};
