import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

// The types of the library: the declarations that `index.d.ts` leads to, once for programs that are modules, and once for
// CommonJS. TypeScript takes a declaration for the form of module that its extension names.

/**
 * Declarations that programs add to. There is one for both forms of modules, so that an addition counts in both: a module
 * can take types from CommonJS in every version of TypeScript.
 */
const SHARED = new Set(["library/capabilities.d.ts"]);

const IMPORT = /((?:from |import\()"\.[^"]*)\.[jt]s"/g;

/**
 * Copies the declarations.
 *
 * @param {string} from the folder of all declarations
 * @param {string} to the folder to write to
 */
export async function writeTypes(from, to) {
  const names = new Set(["index.d.ts"]);
  for (const name of names) {
    const text = await readFile(path.join(from, name), "utf8");
    const fileOf = imported =>
      path.posix.join(path.posix.dirname(name), `${imported.slice(imported.indexOf('"') + 1)}.d.ts`);
    for (const [, imported] of text.matchAll(IMPORT)) names.add(fileOf(imported));
    const copy = path.join(to, name);
    await mkdir(path.dirname(copy), { recursive: true });
    const inModules = (_, imported) => `${imported}.${SHARED.has(fileOf(imported)) ? "cjs" : "js"}"`;
    if (!SHARED.has(name)) await writeFile(copy, text.replace(IMPORT, inModules));
    await writeFile(copy.replace(/\.ts$/, ".cts"), text.replace(IMPORT, '$1.cjs"'));
  }
}
