import { constants } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import type { Environment } from "../../base/environment.ts";
import { fileText } from "../../base/files/file-text.ts";
import { ioReason } from "../../base/io-reason.ts";
import { isWithin } from "../../base/path-within.ts";
import { fetchText } from "../../engine/fetch-text.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { locateImport } from "../../language/document/imports/import-location.ts";
import type { LocatedText, ReadText } from "../../language/openapi/read-description.ts";
import { isHttpUrl } from "../../language/openapi/reference.ts";
import type { CommandContext } from "./command-context.ts";

/** Largest file of a description, in bytes. The largest that is known has 47 million. */
const MAX_BYTES = 64 * 1024 * 1024;

const ACCEPT =
  "application/vnd.oai.openapi+json, application/vnd.oai.openapi, application/json, application/yaml, */*;q=0.8";

/**
 * Returns what reads the files of a description. Its references lead to files of its own folder, and to those of the
 * working folder if it lies there; from a URL, to URLs alone. Hosts that nobody named have public addresses alone.
 *
 * @param asked what the command line names: an absolute path or a URL
 */
export function descriptionSource(asked: string, given: OpenOptions, context: CommandContext): ReadText {
  if (isHttpUrl(asked)) return location => fetchDescription(location, new URL(asked).origin, given, context);
  const roots = [...referenceRoots(asked, context), ...(given.importRoots ?? [])];
  return async location => {
    if (isHttpUrl(location)) return fetchDescription(location, "", given, context);
    if (location === asked) return { text: await readText(location), location };
    const found = locateImport(location, { directory: path.dirname(asked), roots });
    if (found.ok) return { text: await readText(found.file), location };
    // A link leads to another folder than its own.
    const { remedy } = found;
    const [folder] = remedy !== undefined && "option" in remedy && remedy.option === "importRoots" ? remedy.value : [];
    throw new Error(folder === undefined ? found.reason : `${found.reason}: --allow-import ${folder} lets it be read`);
  };
}

function referenceRoots(file: string, { cwd, env }: CommandContext): string[] {
  const folder = path.dirname(file);
  return folder !== cwd && isWithin(folder, cwd) && isProject(cwd, env) ? [folder, cwd] : [folder];
}

/** Tells a folder that a project may be in from those that hold everything. */
function isProject(folder: string, env: Environment): boolean {
  return folder !== path.parse(folder).root && folder !== (env["HOME"] ?? env["USERPROFILE"]);
}

function fetchDescription(
  location: string,
  namedOrigin: string,
  options: OpenOptions,
  { env, cwd, signal }: CommandContext,
): Promise<LocatedText> {
  if (!isHttpUrl(location)) return Promise.reject(new Error("a description from a URL refers to http URLs alone"));
  return fetchText(location, {
    options,
    env,
    cwd,
    signal,
    accept: ACCEPT,
    maxBytes: MAX_BYTES,
    allowsPlainHttp: true,
    leavesHost: true,
    namedOrigin,
  }).then(({ text, url }) => ({ text, location: url }));
}

/** Reads a regular file. */
async function readText(file: string): Promise<string> {
  try {
    // Without waiting: the other end of a pipe may never come.
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw new Error("it is not a file");
      if (stats.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
      return fileText(await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new Error(ioReason(error), { cause: error });
  }
}
