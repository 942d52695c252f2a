import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const root = path.resolve(import.meta.dirname, "../..");

/** Error of the compiler, or what a program expects of one. */
interface Fault {
  readonly line: number;
  /** Such as `TS2345`. */
  readonly code: string;
  readonly message: string;
}

/**
 * Compiles a program that imports the built package, by the real compiler. A comment at the end of a line tells the error
 * that is expected there: `// TS2345 part of the message`.
 *
 * @param files further files by name, such as `naftiko.d.ts`
 * @returns what is not as expected: errors without a comment, and comments without an error
 */
export async function compileProgram(
  folder: string,
  program: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  await mkdir(path.join(folder, "node_modules"), { recursive: true });
  await symlink(root, path.join(folder, "node_modules", "naftiko"), "junction").catch(() => undefined);
  await symlink(path.join(root, "node_modules/@types"), path.join(folder, "node_modules/@types"), "junction").catch(
    () => undefined,
  );
  const compilerOptions = {
    target: "es2023",
    lib: ["es2023", "esnext.disposable"],
    module: "nodenext",
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  };
  const all = { "package.json": '{ "type": "module" }', ...files, "program.ts": program };
  for (const [name, text] of Object.entries(all)) await writeFile(path.join(folder, name), text);
  const sources = Object.keys(all).filter(name => name.endsWith("ts"));
  await writeFile(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: sources }));
  const output = await compile(folder);
  const found = faultsIn(output);
  const others = output.split("\n").filter(line => /error TS/.test(line) && !line.startsWith("program.ts("));
  const expected = expectedIn(program);
  return [
    ...others,
    ...found.flatMap(fault => (expected.some(each => fits(fault, each)) ? [] : [`unexpected: ${shown(fault)}`])),
    ...expected.flatMap(fault => (found.some(each => fits(each, fault)) ? [] : [`missing: ${shown(fault)}`])),
  ];
}

async function compile(cwd: string): Promise<string> {
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [compiler, "-p", ".", "--pretty", "false"], { cwd });
    return stdout;
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

function faultsIn(output: string): Fault[] {
  const pattern = /^program\.ts\((\d+),\d+\): error (TS\d+): (.*(?:\n .*)*)/gm;
  return Array.from(output.matchAll(pattern), ([, line, code = "", message = ""]) => ({
    line: Number(line),
    code,
    message,
  }));
}

function expectedIn(program: string): Fault[] {
  return program.split("\n").flatMap((text, index) => {
    const [, code, message = ""] = /\/\/ (TS\d+) ?(.*)$/.exec(text) ?? [];
    return code === undefined ? [] : [{ line: index + 1, code, message }];
  });
}

function fits(found: Fault, expected: Fault): boolean {
  return found.line === expected.line && found.code === expected.code && found.message.includes(expected.message);
}

function shown({ line, code, message }: Fault): string {
  return `line ${line}: ${code} ${message}`;
}
