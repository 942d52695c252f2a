import { existsSync, statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readCapabilityFile } from "./corpus/capability-file.mjs";
import { checkOperation } from "./corpus/check-operation.mjs";
import { createReport } from "./corpus/report.mjs";

// Opens every capability file below a folder with the built library, prepares each consumed operation, and compares
// the request with one computed here from the YAML alone. Nothing is sent.

const USAGE = `Usage: npm run corpus -- <folder> [--verbose] [--max-differences N]`;
const LIBRARY = new URL("../dist/index.js", import.meta.url);
const REPLACEMENT_BASE_URI = "https://api.example.test/base";

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  const options = readOptions(args);
  if (typeof options === "string") return refuse(`${options}\n${USAGE}`);
  if (!existsSync(LIBRARY)) return refuse(`${fileURLToPath(LIBRARY)} does not exist: run npm run build first`);
  const library = await import(LIBRARY.href);

  const report = createReport(options);
  for (const file of await findFiles(options.folder)) {
    report.file(path.relative(options.folder, file), await checkFile(file, library));
  }
  report.finish();
  return report.isRight() ? 0 : 1;
}

function refuse(message) {
  console.error(message);
  return 2;
}

/**
 * Reads the options.
 *
 * @returns {string | { folder: string, verbose: boolean, maxDifferences: number }} the problem, or the options
 */
function readOptions(args) {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        verbose: { type: "boolean", default: false },
        "max-differences": { type: "string", default: "20" },
      },
    });
  } catch (error) {
    return error.message;
  }
  const { values, positionals } = parsed;
  const [folder, ...more] = positionals;
  const maxDifferences = Number(values["max-differences"]);
  if (folder === undefined || more.length > 0) return "Give one folder";
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return `There is no folder "${folder}"`;
  if (!Number.isInteger(maxDifferences) || maxDifferences < 0) return "--max-differences takes a whole number";
  return { folder, verbose: values.verbose, maxDifferences };
}

async function findFiles(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile() && /\.ya?ml$/i.test(entry.name))
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Checks one file and lets go of everything it opened.
 *
 * @returns {Promise<object>} a result of `createReport`
 */
async function checkFile(file, library) {
  let content;
  try {
    content = readCapabilityFile(await readFile(file, "utf8"), file);
  } catch (error) {
    return { kind: "refused", operations: 0, message: `the script cannot read it: ${error.message}` };
  }
  const { isCapability, binds, operations } = content;
  if (!isCapability) return { kind: "other" };

  const opened = [];
  try {
    const open = async options => {
      opened.push(await library.openCapability(file, { env: binds.env, ...options }));
      return opened.at(-1);
    };
    const context = {
      binds,
      CapabilityError: library.CapabilityError,
      replacementBaseUri: REPLACEMENT_BASE_URI,
      capability: await open({}),
    };
    if (operations.some(operation => operation.baseUri === "")) {
      context.rebased = await open({ baseUri: REPLACEMENT_BASE_URI });
    }
    return { kind: operations.length > 0 ? "opened" : "empty", results: await checkAll(operations, context) };
  } catch (error) {
    const isInvalid = error instanceof library.CapabilityError && error.code === "CAPABILITY_INVALID";
    const kind = operations.length === 0 && isInvalid ? "empty-refused" : "refused";
    return { kind, operations: operations.length, message: `${error.code ?? error.name}: ${error.message}` };
  } finally {
    for (const capability of opened) await capability.close();
  }
}

async function checkAll(operations, context) {
  const results = [];
  for (const operation of operations) {
    const title = `${operation.method} ${operation.path}`;
    try {
      results.push({ title, differences: await checkOperation(operation, context) });
    } catch (error) {
      const difference = { part: "the check itself", expected: "an expectation", found: error.stack };
      results.push({ title, differences: [difference] });
    }
  }
  return results;
}
