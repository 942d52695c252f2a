import { readdir, realpath } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isWithin, withoutLinks } from "../../../base/path-within.ts";
import { RemediedError } from "../../../base/remedy.ts";
import type { Distrust } from "../../../language/overlays/load-overlays.ts";
import type { BindSurroundings, LocatedVariable } from "../bind-reader.ts";

/**
 * Finds the file of a location on this machine. Returns an absolute path without symbolic links.
 *
 * A capability file is untrusted: it could send a file to a host that it names. So it only reaches files beside itself,
 * below the working folder and in the folders that the caller allows. A configuration file reaches every file, but one
 * that was found only after its user trusts it.
 *
 * @throws Error with the missing file, or with the option that would allow it
 */
export async function findFile(
  { kind, path: written }: FileLocation,
  { directory, fromConfig }: Pick<LocatedVariable, "directory" | "fromConfig">,
  { cwd, fileRoots, config, tenant }: Pick<BindSurroundings, "cwd" | "fileRoots" | "config" | "tenant">,
): Promise<string> {
  const beside = directory === undefined ? [] : [directory];
  const starts = kind === "absolute" ? ["/"] : [...beside, cwd];
  const candidates = [...new Set(starts.map(start => path.resolve(start, written)))];
  // The root of the file system as the working folder would allow every file.
  const working = path.dirname(cwd) === cwd ? [] : [cwd];
  const roots = [...new Set([...beside, ...working, ...fileRoots])];
  const realRoots = roots.map(withoutLinks);
  const distrust = fromConfig === true ? await config?.distrust() : undefined;
  const reachesAll = fromConfig === true && distrust === undefined;
  let refused: string | undefined;
  for (const candidate of candidates) {
    const isAllowed = (file: string, folders: readonly string[]) =>
      reachesAll || folders.some(folder => isWithin(file, folder));
    // Before the file system is asked, so that the message does not tell whether a file outside exists.
    if (!isAllowed(candidate, [...roots.map(root => path.resolve(root)), ...realRoots])) {
      refused ??= candidate;
      continue;
    }
    const real = await realPath(candidate);
    if (real === undefined) continue;
    if (tenant !== undefined && !(await hasExactNames(candidate, tenant))) continue;
    if (isAllowed(real, realRoots)) return real;
    refused ??= real;
  }
  if (refused !== undefined) throw outside(refused, roots, distrust);
  throw new Error(`there is no file ${candidates.join(", nor ")}`);
}

async function realPath(file: string): Promise<string | undefined> {
  try {
    return await realpath(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new Error(`${file} cannot be read: ${code ?? message}`);
  }
}

/**
 * Tells whether the names with a tenant in them are there as they are written. Some file systems find a file by its name in
 * other letters, which may be another tenant's.
 */
async function hasExactNames(file: string, tenant: string): Promise<boolean> {
  for (let at = file; at !== path.dirname(at); at = path.dirname(at)) {
    const name = path.basename(at);
    if (name.includes(tenant) && !(await readdir(path.dirname(at))).includes(name)) return false;
  }
  return true;
}

function outside(file: string, roots: readonly string[], distrust: Distrust | undefined): RemediedError {
  const problem = `${file} is outside ${roots.length === 0 ? "any folder that is allowed" : roots.join(", ")}`;
  if (distrust !== undefined) return new RemediedError(`${problem}, and ${distrust.reason}`, distrust.remedy);
  return new RemediedError(problem, { option: "bindFileRoots", value: [path.dirname(file)] });
}

/** The file of a location: absolute, or relative to the folder of the file that declares it. */
interface FileLocation {
  readonly kind: "absolute" | "relative";
  readonly path: string;
}

/**
 * Reads a location: a `file:` URL, the relative forms `file:///./x` and `file://./x`, or a bare path.
 *
 * @returns `undefined` if `location` is not the path of a file
 */
export function parseFileLocation(location: string): FileLocation | undefined {
  if (location === "" || /\0|%00/.test(location)) return undefined;
  if (!/^file:/i.test(location)) return { kind: location.startsWith("/") ? "absolute" : "relative", path: location };
  // The URL parser would turn /./x into /x.
  const relative = /^file:\/{2,3}(\.{1,2}\/.*)$/is.exec(location)?.[1];
  try {
    if (relative !== undefined) return { kind: "relative", path: decodeURIComponent(relative) };
    // Published files write this for a file beside them. A URL parser would take the first folder for the host.
    const hostless = /^file:\/\/(?!localhost\/)([^/].*)$/is.exec(location)?.[1];
    if (hostless !== undefined) return { kind: "relative", path: decodeURIComponent(hostless) };
    return { kind: "absolute", path: fileURLToPath(location) };
  } catch {
    return undefined;
  }
}
