import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { CapabilityError } from "../../base/capability-error.ts";
import { countOf } from "../../base/count-of.ts";
import { ioReason } from "../../base/io-reason.ts";
import { quoteArgument } from "../../base/quote-argument.ts";
import { visibleLine } from "../../base/visible-text.ts";
import { capabilityFiles } from "../../catalogue/capability-files.ts";
import { kindOfFile } from "../../catalogue/file-kind.ts";
import { capabilityFolders } from "../../engine/capability-folders.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { bareName, isPath } from "../../language/document/locate.ts";
import type { CapabilityModel } from "../../language/model/types.ts";
import { type DeclaredCapability, declarations } from "../../language/typescript/declarations.ts";
import { absoluteFolders } from "./absolute-folders.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { openWritten } from "./open-named.ts";
import { writeOutFile } from "./out-file.ts";
import { printData, printLines } from "./printed-text.ts";
import { remedyLines } from "./remedy-text.ts";
import { usageError } from "./usage-error.ts";

interface TypesOptions {
  /** Names, paths of files, or folders. Empty: all that `list` shows. */
  readonly capabilities: readonly string[];
  readonly open: OpenOptions;
  /** File to write. Absent or `-`: the types are printed. */
  readonly out: string | undefined;
  /** Compare the file with what would be written. */
  readonly check: boolean;
  /** Print no warnings. */
  readonly quiet: boolean;
}

/** A file to declare. */
interface Wanted {
  /** What `openCapability` may be called with, the surest first. */
  readonly keys: readonly string[];
  /** Absolute path, or a name. */
  readonly source: string;
  /** Whether the command line names it. One that does not open then ends the command. */
  readonly isNamed: boolean;
}

/** Runs `naftiko types [capabilities]`. */
export async function writeTypes(options: TypesOptions, context: CommandContext): Promise<ExitCode> {
  const { out = "-", check } = options;
  if (check && out === "-") throw usageError("Option --check compares a file: name it by --out");
  const warn = (text: string) => {
    if (!options.quiet) context.stderr.write(printLines([`warning: ${context.secrets.text(text)}`]));
  };
  const capabilities = await openAll(wantedFiles(options, context), options, context, warn);
  const text = declarations(capabilities, commandLine(options));
  if (out === "-") {
    context.stdout.write(printData(text, context.stdout));
    return exitCode.done;
  }
  if (check) return compare(out, text, options, context);
  await writeOutFile(out, text, context.cwd);
  context.stderr.write(printLines([`${out} is written, with the types of ${countOf(capabilities.length, "file")}`]));
  return exitCode.done;
}

/** Lists the files to declare, each once, in the order of the command line. */
function wantedFiles({ capabilities, open }: TypesOptions, { cwd, env }: CommandContext): Wanted[] {
  if (capabilities.length === 0) {
    const { deep, dirs } = capabilityFolders(open.dirs ?? [], env, cwd);
    const folders = { roots: [], deep: absoluteFolders(deep, cwd), dirs: absoluteFolders(dirs, cwd) };
    return capabilityFiles(folders).files.map(({ name, file }) => ({ keys: [name], source: file, isNamed: false }));
  }
  return capabilities.flatMap((written): Wanted[] => {
    const absolute = path.resolve(cwd, written);
    if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true) {
      return capabilityFiles({ roots: [], deep: [absolute], dirs: [] }).files.map(({ name, file }) => ({
        keys: [`${written.replace(/\/+$/, "")}/${path.relative(absolute, file).split(path.sep).join("/")}`, name],
        source: file,
        isNamed: false,
      }));
    }
    if (!isPath(written)) return [{ keys: [written], source: written, isNamed: true }];
    return [{ keys: [...new Set([written, bareName(written)])], source: written, isNamed: true }];
  });
}

/** Opens the files. A key that an earlier file has stays its own. */
async function openAll(
  wanted: readonly Wanted[],
  { open }: TypesOptions,
  context: CommandContext,
  warn: (text: string) => void,
): Promise<DeclaredCapability[]> {
  const owners = new Map<string, string>();
  const found: DeclaredCapability[] = [];
  for (const { keys, source, isNamed } of wanted) {
    context.signal.throwIfAborted();
    const model = await openModel(source, isNamed, open, context, warn);
    if (model === undefined) continue;
    const own = keys.filter(key => !owners.has(key));
    const [taken] = keys.filter(key => owners.has(key) && owners.get(key) !== source);
    if (taken !== undefined) warn(`${source} is not called ${JSON.stringify(taken)}, which is ${owners.get(taken)}`);
    for (const key of own) owners.set(key, source);
    if (own.length > 0) found.push({ keys: own, model });
  }
  return found;
}

/** Opens a file as it is written, without the overlays of a configuration. Returns `undefined` for one that is none. */
async function openModel(
  source: string,
  isNamed: boolean,
  open: OpenOptions,
  context: CommandContext,
  warn: (text: string) => void,
): Promise<CapabilityModel | undefined> {
  const surroundings = { bindValues: new Map<string, string>(), overlays: undefined };
  try {
    const { model } = await openWritten(source, { ...open, env: context.env }, surroundings, context);
    return model;
  } catch (error) {
    if (isNamed || !(error instanceof CapabilityError)) throw error;
    if (kindOfFile(source).kind === "capability")
      warn([`${source} is left out: ${error.message}`, ...remedyLines(error.remedies)].join("; "));
    return undefined;
  }
}

/** Returns the command line that writes the file anew. */
function commandLine({ capabilities, open, out = "-" }: TypesOptions): string {
  const options = [
    ...(open.dirs ?? []).flatMap(dir => ["--dir", dir]),
    ...(open.importRoots ?? []).flatMap(root => ["--allow-import", root]),
    ...(out === "-" ? [] : ["-o", out]),
  ];
  return visibleLine(["naftiko", "types", ...[...capabilities, ...options].map(quoteArgument)].join(" "));
}

async function compare(
  out: string,
  text: string,
  options: TypesOptions,
  { cwd, stderr }: CommandContext,
): Promise<ExitCode> {
  let found: string | undefined;
  try {
    found = await readFile(path.resolve(cwd, out), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      throw usageError(`Cannot read --out ${JSON.stringify(out)}: ${ioReason(error)}`);
  }
  if (found?.replaceAll("\r\n", "\n") === text) return exitCode.done;
  const problem = found === undefined ? "does not exist" : "is not as it would be written";
  stderr.write(printLines([`error: ${out} ${problem}: run ${commandLine(options)}`]));
  return exitCode.capability;
}
