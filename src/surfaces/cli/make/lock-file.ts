import path from "node:path";
import type { CapabilityError, Diagnostic } from "../../../base/capability-error.ts";
import { isCapabilityError } from "../../../base/capability-error.ts";
import { changeFile } from "../../../base/files/change-file.ts";
import { isJsonObject } from "../../../base/json-object.ts";
import { pointerSegment } from "../../../base/json-pointer.ts";
import { quoteValue } from "../../../base/visible-text.ts";
import { yamlText } from "../../../base/yaml-text.ts";
import { parseYaml } from "../../../language/document/parse-yaml.ts";
import { sourcePositions } from "../../../language/document/source-positions.ts";
import { configInvalid, findingsInvalid } from "../../../language/overlays/config-error.ts";
import { ioError } from "../io-error.ts";

/** Name of the file that says where added files come from. Paths in it start from its folder. */
export const LOCK_FILE = "naftiko.lock.yaml";

const VERSION = 1;

/** A file, where it comes from, and its content. */
interface LockedFile {
  /** An https URL, or the path of a file from the folder of the lock. */
  readonly source: string;
  /** SHA-256 of its bytes, as 64 hexadecimal digits. */
  readonly sha256: string;
}

/** An added capability. */
export interface LockedCapability extends LockedFile {
  /** The files that it names and that were added with it, by their paths. */
  readonly imports: ReadonlyMap<string, LockedFile>;
}

/** Capabilities by the paths of their files, with `/` between folders. */
export type Lock = ReadonlyMap<string, LockedCapability>;

/** Most characters of a lock that is read. */
const LONGEST = 16 * 1024 * 1024;

/**
 * Parses the text of a lock.
 *
 * @throws CapabilityError `CONFIG_INVALID` with the place of each problem
 */
export async function parseLock(text: string, file: string): Promise<Lock> {
  if (text.length > LONGEST) throw configInvalid(`Cannot read ${file}: it has more than ${LONGEST} characters`);
  const value = await parse(text, file);
  const findings: Diagnostic[] = [];
  const positions = await sourcePositions({ name: LOCK_FILE, file, text, value });
  const report = (pointer: string, message: string) =>
    findings.push({ severity: "error", rule: "lock", message, pointer, source: positions.find(pointer) });
  const lock = readLock(value, report);
  if (findings.length > 0) throw findingsInvalid(`Cannot read ${file}`, findings);
  return lock;
}

async function parse(text: string, file: string): Promise<unknown> {
  try {
    return await parseYaml(text.replaceAll("\r\n", "\n"), file);
  } catch (error) {
    if (!isCapabilityError(error, "CAPABILITY_INVALID")) throw error;
    const hint = /^<{7}/m.test(text) ? " (it holds the marks of a merge)" : "";
    throw findingsInvalid(`Cannot read ${file}${hint}`, error.details.diagnostics);
  }
}

type Report = (pointer: string, message: string) => void;

function readLock(value: unknown, report: Report): Lock {
  const lock = new Map<string, LockedCapability>();
  if (!isJsonObject(value)) {
    report("", "The lock is to be a map with the keys version and files");
    return lock;
  }
  const { version, files, ...others } = value;
  if (typeof version === "number" && version > VERSION) {
    report("/version", `A newer naftiko has written it (version ${version}, and ${VERSION} is known): update naftiko`);
    return lock;
  }
  if (version !== VERSION) report("/version", `The version is to be ${VERSION}, found ${quoteValue(version)}`);
  reportOthers(others, "", report);
  if (!isJsonObject(files)) {
    report("/files", `The files are to be a map by path, found ${quoteValue(files)}`);
    return lock;
  }
  for (const [name, entry] of Object.entries(files)) {
    const pointer = `/files/${pointerSegment(name)}`;
    const read = readFile(name, entry, pointer, report);
    if (read === undefined) continue;
    const { imports = {}, ...unknown } = read.others;
    reportOthers(unknown, pointer, report);
    lock.set(name, { ...read.file, imports: readImports(imports, `${pointer}/imports`, report) });
  }
  return lock;
}

function readImports(imports: unknown, pointer: string, report: Report): Map<string, LockedFile> {
  const found = new Map<string, LockedFile>();
  if (!isJsonObject(imports)) {
    report(pointer, `The imports are to be a map by path, found ${quoteValue(imports)}`);
    return found;
  }
  for (const [name, entry] of Object.entries(imports)) {
    const place = `${pointer}/${pointerSegment(name)}`;
    const read = readFile(name, entry, place, report);
    if (read === undefined) continue;
    reportOthers(read.others, place, report);
    found.set(name, read.file);
  }
  return found;
}

/** Reads what every entry has. Returns its other members too. */
function readFile(
  name: string,
  entry: unknown,
  pointer: string,
  report: Report,
): { readonly file: LockedFile; readonly others: Readonly<Record<string, unknown>> } | undefined {
  const problem = lockedPathProblem(name);
  if (problem !== undefined) report(pointer, `The path ${quoteValue(name)} ${problem}`);
  if (!isJsonObject(entry)) {
    report(pointer, `An entry is to be a map with source and sha256, found ${quoteValue(entry)}`);
    return undefined;
  }
  const { source, sha256, ...others } = entry;
  if (typeof source !== "string" || source === "" || source.includes("\0")) {
    report(`${pointer}/source`, `The source is to be an https URL or a path, found ${quoteValue(source)}`);
    return undefined;
  }
  if (typeof sha256 !== "string" || !/^[\da-f]{64}$/.test(sha256)) {
    report(`${pointer}/sha256`, `The sha256 is to be 64 hexadecimal digits, found ${quoteValue(sha256)}`);
    return undefined;
  }
  return { file: { source, sha256 }, others };
}

function reportOthers(others: object, pointer: string, report: Report): void {
  for (const name of Object.keys(others))
    report(`${pointer}/${pointerSegment(name)}`, `There is no key ${quoteValue(name)} here`);
}

/** Tells why a path in a lock is not that of a file below its folder, as the end of a sentence that starts with it. */
export function lockedPathProblem(name: string): string | undefined {
  if (name.includes("\\") || name.includes("\0")) return "is not written with / between folders";
  if (path.posix.isAbsolute(name) || /^[a-z]:/i.test(name)) return "does not start from the folder of the lock";
  if (name.split("/").includes("..")) return "leaves the folder of the lock";
  if (name.split("/").some(part => part === "" || part === ".")) return "is not the path of a file";
  return undefined;
}

/** Writes a lock. The same lock is the same text. */
function lockText(lock: Lock): string {
  const inOrder = <Value>(map: ReadonlyMap<string, Value>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const files = inOrder(lock).map(([name, { source, sha256, imports }]) => {
    const imported = inOrder(imports).map(([file, entry]) => [file, { source: entry.source, sha256: entry.sha256 }]);
    return [name, { source, sha256, ...(imported.length === 0 ? {} : { imports: Object.fromEntries(imported) }) }];
  });
  return `${HEAD}${yamlText({ version: VERSION, files: Object.fromEntries(files) })}`;
}

const HEAD = `# Where added files come from. "naftiko add" writes this file; "naftiko add --check" compares.\n`;

/**
 * Changes a lock, which several processes share.
 *
 * @throws CapabilityError `CONFIG_INVALID`, `IO_FAILED`
 */
export async function changeLock(file: string, change: (lock: Map<string, LockedCapability>) => void): Promise<void> {
  try {
    await changeFile(file, async before => {
      const lock = new Map(before === undefined ? [] : await parseLock(before, file));
      change(lock);
      return lockText(lock);
    });
  } catch (error) {
    throw isOurs(error) ? error : ioError(`write ${file}`, error);
  }
}

function isOurs(error: unknown): error is CapabilityError {
  return isCapabilityError(error, "CONFIG_INVALID") || isCapabilityError(error, "CAPABILITY_INVALID");
}
