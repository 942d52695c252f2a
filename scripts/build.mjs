import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { Script } from "node:vm";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { buildSchema } from "./build-schema.mjs";
import { bullmqPlugin } from "./bundle-bullmq.mjs";
import { bundleCommand } from "./bundle-command.mjs";
import { bundleLibrary } from "./bundle-library.mjs";
import { fitLauncher } from "./fit-launcher.cjs";
import { writeNotices } from "./write-notices.mjs";
import { writeTypes } from "./write-types.mjs";

// Builds everything that is not in the repository: the validators from the schema, the library (`dist/index.js` with
// its types), the command (`dist/command.cjs`), and the notices of what is bundled.

const root = path.resolve(import.meta.dirname, "..");
/** Packages that few calls of the command need. Each is a file of its own, so that other calls do not read it. */
const SEPARATE_PACKAGES = [
  "yaml",
  "js-yaml",
  "yargs",
  "@clack/prompts",
  "re2js",
  "jsonpath-plus",
  "p-queue",
  "saxes",
  "csv-parse/sync",
  "parse5",
  "css-select",
  "markdown-it",
  "oauth4webapi",
  "fzstd",
  "undici",
  "fastify",
  "@fastify/compress",
  "@fastify/cors",
  "@decimalturn/toml-patch",
  "@toon-format/toon",
  "fflate",
  "jsonc-parser",
  "ioredis",
  "pg",
];
/** Files below `src/` that few calls need, with the packages that they alone use. */
const SEPARATE_FILES = [
  "language/migrate/migrate-text.ts",
  "engine/formats/avro-reader.ts",
  "engine/formats/protobuf-reader.ts",
  "language/validation/fixes/fix-text.ts",
  "language/validation/generated/validate-all.js",
  "language/validation/generated/published-naftiko.js",
  "language/validation/generated/published-ikanos.js",
  "language/overlays/generated/validate-config.js",
  "net/cache/undici-cache.ts",
  "surfaces/mcp/protocol/mcp-package.ts",
  "queue/bullmq.ts",
];

/** Files below `src/` that a plain call does not use, though what it uses imports them statically. */
const LAZY_FILES = [
  "surfaces/cli/io-error.ts",
  "language/model/describe-operation.ts",
  "language/model/exposed/compile-exposed.ts",
  "language/model/exposed/find-unit.ts",
  "language/model/exposed/require-servable.ts",
  "language/document/plain-value.ts",
  "language/document/source-positions.ts",
  "base/diagnostics-error.ts",
  "base/did-you-mean.ts",
  "base/io-reason.ts",
  "base/masking/mask-error.ts",
  "base/masking/mask-field.ts",
  "base/masking/mask-value.ts",
  "base/masking/secret-finder.ts",
  "base/secret-words.ts",
  "language/expression/json-path-filter.ts",
  "language/expression/json-path-literal.ts",
  "language/expression/json-path-relative.ts",
  "engine/outputs/compare-values.ts",
  "engine/outputs/compile-filter.ts",
  "engine/outputs/compile-operand.ts",
  "engine/outputs/compile-pattern.ts",
  "engine/outputs/compile-relative.ts",
  "engine/outputs/filter-tests.ts",
  "engine/outputs/json-path-functions.ts",
  "engine/request/bodies/multipart.ts",
  "engine/request/styled-text.ts",
  "engine/request/secret-input.ts",
  "engine/request/bodies/xml.ts",
  "engine/request/exposed-variables.ts",
  "engine/request/remember-places.ts",
  "engine/traced-url.ts",
  "net/transport-error.ts",
  "language/validation/schema-diagnostics.ts",
  "language/validation/find-schema-problems.ts",
];

/** Left out: the command has its threads as files. */
const UNUSED = ["#decode-worker-text", "#script-worker-text"];

/** A script has no `import.meta`. */
const IMPORT_META = 'const importMeta={get url(){return require("node:url").pathToFileURL(__filename).href}};';

/** A script is one function, as Node makes one of a module of CommonJS. */
const SCRIPT = {
  banner: { js: `(function(exports,require,module,__filename,__dirname){${IMPORT_META}` },
  footer: { js: "})" },
};

/** Code that is not compiled from TypeScript, below `src` and `dist` alike. */
const GENERATED = [
  "language/validation/generated/validate-first.js",
  "language/validation/generated/validate-all.js",
  "language/overlays/generated/validate-config.js",
];

// Built beside `dist` and put in its place when complete: a failed build, or a test that runs meanwhile, finds the old one.
const dist = path.join(root, "dist.next");

await rm(dist, { recursive: true, force: true });
await buildSchema();
const bundled = [...(await buildLibrary()), ...(await buildCommand())];
await writeNotices(root, bundled);
await rm(path.join(root, "dist"), { recursive: true, force: true });
await rename(dist, path.join(root, "dist"));

/**
 * Builds the library. The modules that TypeScript writes, one for each file, are for benchmarks, which measure parts; they
 * are not in the package.
 */
async function buildLibrary() {
  run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--outDir", dist]);
  for (const name of GENERATED) {
    await mkdir(path.dirname(path.join(dist, name)), { recursive: true });
    await copyFile(path.join(root, "src", name), path.join(dist, name));
  }
  await writeTypes(dist, path.join(dist, "types"));
  await writeFile(path.join(dist, "index.cjs"), '"use strict";\nmodule.exports = require("./index.js");\n');
  return bundleLibrary(root, dist);
}

/**
 * Builds the command as CommonJS in one function: Node loads it without resolving packages, and V8 can cache its
 * compiled code, unlike that of modules. Dynamic imports stay lazy inside it.
 */
async function buildCommand() {
  const options = {
    ...bundling(),
    plugins: [separatePlugin()],
    external: UNUSED,
  };
  const bundled = await bundleCommand("src/surfaces/cli/command.ts", dist, options, {
    lazy: LAZY_FILES.map(name => `src/${name}`),
    ...SCRIPT,
  });
  // A module's default export is what `require` gives: the command imports it as Node would. That of some packages has
  // the other exports already, and they cannot be set.
  const footer = {
    js: `if(module.exports.default)module.exports=Object.entries(module.exports).reduce((given,[name,value])=>{
if(!Object.hasOwn(given,name))given[name]=value;return given},module.exports.default);`,
  };
  for (const name of SEPARATE_PACKAGES) bundled.push(...(await bundle(name, separateFile(name), { footer })));
  for (const name of SEPARATE_FILES) {
    const plugins = [undiciCachePlugin(), noValidatorPlugin(), bullmqPlugin, separatePlugin()];
    bundled.push(...(await bundle(path.join("src", name), separateFile(name), { footer, plugins })));
  }
  bundled.push(
    ...(await buildDecodeWorker()),
    ...(await buildScriptWorker()),
    ...(await buildCatalogueWorker()),
    ...(await buildQuick()),
  );
  const launcher = await readFile(path.join(root, "scripts", "launcher.cjs"), "utf8");
  const command = await readFile(path.join(dist, "command.cjs"));
  const quick = await readFile(path.join(dist, "quick.cjs"));
  const parts = ["catalogue-reader.cjs", "command-mcp-package.cjs", "command-rest.cjs", "command-yargs.cjs"];
  const cached = parts.map(name => readFile(path.join(dist, name)));
  const hash = createHash("sha256");
  for (const text of [command, quick, ...(await Promise.all(cached))]) hash.update(text);
  const id = hash.digest("hex").slice(0, 16);
  const names = quickNames(quick.toString("latin1"));
  await writeFile(path.join(dist, "naftiko.cjs"), launcher.replace("$BUILD", id).replace("$QUICK", names.join(" ")));
  await chmod(path.join(dist, "naftiko.cjs"), 0o755);
  fitLauncher(path.join(dist, "naftiko.cjs"));
  return bundled;
}

/** Builds the script of the commands that are started often. What else they need is evaluated on use. */
async function buildQuick() {
  const entry = "src/surfaces/cli/quick.ts";
  const text = await readFile(path.join(root, entry), "utf8");
  const own = Array.from(text.matchAll(/"\.\/(commands\/[\w-]+\.ts)"/g), ([, name]) => name);
  const plugins = [catalogueReaderPlugin(), separatePlugin(), foreignHandlersPlugin(own)];
  return bundle(entry, "quick.cjs", { plugins, external: UNUSED, ...SCRIPT });
}

/**
 * Takes the reading of capability files from a script of its own. It is most of the language, and needed only when files
 * are new or have changed. Its functions take and return data.
 */
function catalogueReaderPlugin() {
  return {
    name: "catalogue-reader",
    setup({ onResolve }) {
      const filter = /\/(?:read-entry|catalogue\/read-file)\.ts$/;
      onResolve({ filter }, () => ({ path: "./catalogue-reader.cjs", external: true }));
    },
  };
}

/** Leaves out what other commands do. Completion has all commands, for their options alone. */
function foreignHandlersPlugin(own) {
  const commands = path.join(root, "src", "surfaces", "cli", "commands");
  const owners = new Set(own.map(name => path.join(commands, path.basename(name))));
  return {
    name: "foreign-handlers",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path: name, kind, importer }) => {
        const isForeign = path.dirname(importer) === commands && !owners.has(importer);
        return kind === "dynamic-import" && isForeign ? { path: name, namespace: "foreign-handlers" } : undefined;
      });
      onLoad({ filter: /./, namespace: "foreign-handlers" }, () => ({ contents: "" }));
    },
  };
}

/** Returns the names of the commands that the script has. */
function quickNames(text) {
  const module = { exports: {} };
  const file = path.join(dist, "quick.cjs");
  new Script(text).runInThisContext()(module.exports, createRequire(file), module, file, dist);
  return module.exports.names;
}

/**
 * Builds what threads run. The library and the command have it as the same file; the library has it as a text too, for
 * programs that are bundled, with all that it imports.
 */
async function buildDecodeWorker() {
  const entry = "src/engine/formats/decode-worker.ts";
  await bundleText(entry, "decode-worker-text.js");
  return bundle(entry, "decode-worker.cjs", { plugins: [separatePlugin()] });
}

/** Builds what threads run scripts by, as {@link buildDecodeWorker} does. The virtual machine is a part of it. */
async function buildScriptWorker() {
  const entry = "src/engine/scripts/script-worker.ts";
  await bundleText(entry, "script-worker-text.js", { plugins: [webAssemblyPlugin()] });
  return bundle(entry, "script-worker.cjs", { plugins: [webAssemblyPlugin()] });
}

/** Bundles a file as a module with its text, compressed: few programs are bundled, and each has it on its disk. */
async function bundleText(entry, name, options) {
  const file = path.join(dist, name);
  await bundle(entry, name, { minifyIdentifiers: true, ...options });
  await writeFile(file, `${compressedExport("text", await readFile(file))}.toString();\n`);
}

/** Returns the code of a module that exports bytes, without the end of its statement. */
function compressedExport(name, bytes) {
  const text = brotliCompressSync(bytes).toString("base64");
  return `import { brotliDecompressSync } from "node:zlib";
export const ${name} = brotliDecompressSync(Buffer.from("${text}", "base64"))`;
}

/** Takes programs of WebAssembly into the bundle, compressed: a file of their own would have to be found. */
function webAssemblyPlugin() {
  return {
    name: "web-assembly",
    setup({ onLoad }) {
      onLoad({ filter: /\.wasm$/ }, async ({ path: file }) => {
        return { contents: compressedExport("bytes", await readFile(file)) };
      });
    },
  };
}

/** Builds what reads files for the index of a catalogue: a script for threads, and the one with the reader. */
async function buildCatalogueWorker() {
  const contents = ["read-entry", "read-file"].map(name => `export * from "./src/catalogue/${name}.ts";`).join("\n");
  const reader = { entryPoints: undefined, stdin: { contents, resolveDir: root } };
  const worker = { plugins: [catalogueReaderPlugin()], external: UNUSED };
  return [
    ...(await bundle("", "catalogue-reader.cjs", { ...reader, plugins: [separatePlugin()], external: UNUSED })),
    ...(await bundle("src/catalogue/catalogue-worker.ts", "catalogue-worker.cjs", worker)),
  ];
}

/** Bundles a file. Returns the files that it is made of, relative to the root. */
async function bundle(entry, file, options) {
  const { metafile } = await build({
    ...bundling(),
    entryPoints: [entry],
    outfile: path.join(dist, file),
    metafile: true,
    ...options,
  });
  return Object.keys(metafile.inputs);
}

function bundling() {
  return {
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20.19",
    // `import()` becomes a lazy `require`: a script with a code cache has no module loader.
    supported: { "dynamic-import": false },
    // One byte a character, so that V8 reads the file as it is.
    charset: "ascii",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    mainFields: ["module", "main"],
    define: { "import.meta.url": "importMeta.url", "import.meta.dirname": "__dirname" },
    logLevel: "warning",
    banner: { js: IMPORT_META },
  };
}

/**
 * Leaves out the modules that have a file of their own. Files are identified by their place, however an import spells
 * it.
 */
function separatePlugin() {
  const files = new Set(SEPARATE_FILES.map(name => path.join(root, "src", name)));
  return {
    name: "separate",
    setup({ onResolve }) {
      onResolve({ filter: /./ }, ({ path: name, resolveDir, kind }) => {
        if (kind === "entry-point") return undefined;
        const isSeparate = name.startsWith(".")
          ? files.has(path.resolve(resolveDir, name))
          : SEPARATE_PACKAGES.includes(name);
        return isSeparate ? { path: `./${separateFile(name)}`, external: true } : undefined;
      });
    },
  };
}

/** Replaces undici by its cache alone: the rest is much to load, and starts by compiling WebAssembly. */
function undiciCachePlugin() {
  return {
    name: "undici-cache",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^undici$/ }, () => ({ path: "undici", namespace: "undici-cache" }));
      onLoad({ filter: /.*/, namespace: "undici-cache" }, () => ({
        contents: 'exports.interceptors = { cache: require("undici/lib/interceptor/cache.js") };',
        resolveDir: root,
      }));
    },
  };
}

/** Leaves out the validator of the packages of MCP: the house has its own, and this one takes a tenth of a start. */
function noValidatorPlugin() {
  return {
    name: "no-validator",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^@modelcontextprotocol\/server\/_shims$/ }, () => ({
        path: "shims",
        namespace: "no-validator",
      }));
      onLoad({ filter: /.*/, namespace: "no-validator" }, () => ({
        contents: 'export { default as process } from "node:process"; export class DefaultJsonSchemaValidator {}',
      }));
    },
  };
}

function separateFile(name) {
  return `command-${path.parse(name).name}.cjs`;
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
