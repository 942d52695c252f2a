import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { bareName } from "../../../language/document/locate.ts";
import { SettledChange, stampsOf } from "../../../serving/file-stamps.ts";
import { filesOf } from "./served-files.ts";
import type { CapabilityServer, Hosted, ServerParts } from "./server-parts.ts";

/**
 * Time between looks at files, in milliseconds. They are looked at, since notes of the system miss much: network drives,
 * volumes of containers, links that lead elsewhere.
 */
const LOOK_MS = 400;

/** Time after which a file that failed is tried again, in milliseconds: what it lacked may be there, such as an import. */
const RETRY_MS = 2_000;

/** A file that is looked at. */
interface Followed {
  readonly change: SettledChange;
  /** Why it could not be served anew, and when it is tried again. */
  failure: { readonly message: string; readonly retryAt: number } | undefined;
}

/**
 * Serves files anew when they change, until the signal. A file that cannot be served as it is keeps its older state, and
 * is told of once.
 */
export async function watchFiles(server: CapabilityServer, parts: ServerParts, signal: AbortSignal): Promise<void> {
  const changes = new Map<Hosted, Followed>();
  const folders = parts.files.folders.map(folder => new WatchedFolder(folder, parts));
  while (!signal.aborted) {
    await pause(LOOK_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    for (const folder of folders) await folder.look(server);
    for (const hosted of [...server.hosted]) await lookAt(hosted, changes, server, parts);
    for (const hosted of changes.keys()) if (hosted.current === undefined) changes.delete(hosted);
  }
}

async function lookAt(
  hosted: Hosted,
  changes: Map<Hosted, Followed>,
  server: CapabilityServer,
  { tell, fail }: ServerParts,
): Promise<void> {
  const { current } = hosted;
  if (current === undefined) return;
  const followed = changes.get(hosted) ?? { change: new SettledChange(current.stamps), failure: undefined };
  changes.set(hosted, followed);
  const isChanged = followed.change.look(await stampsOf(current.files));
  const { failure } = followed;
  if (!isChanged && (failure === undefined || Date.now() < failure.retryAt)) return;
  try {
    await server.reload(hosted);
    tell(`${hosted.name} is served anew: ${hosted.file} has changed`);
    // Its imports may be others now.
    changes.delete(hosted);
  } catch (error) {
    const message = String(error);
    if (isChanged || message !== failure?.message) fail(hosted.file, error, "its older state is still served");
    followed.failure = { message, retryAt: Date.now() + RETRY_MS };
  }
}

/** A folder whose files are served as they come and go. */
class WatchedFolder {
  readonly #folder: string;
  readonly #parts: ServerParts;
  /** Paths by name. */
  readonly #served: Map<string, string>;
  /** New files that could not be served. */
  readonly #broken = new Map<string, SettledChange>();
  #folders: string[];
  readonly #change: SettledChange = new SettledChange("");

  constructor(folder: string, parts: ServerParts) {
    this.#folder = folder;
    this.#parts = parts;
    this.#served = new Map([...parts.files.files].filter(([, file]) => file.startsWith(folder + path.sep)));
    this.#folders = [folder];
  }

  async look(server: CapabilityServer): Promise<void> {
    for (const [name, change] of this.#broken) {
      const file = this.#served.get(name) ?? "";
      if (change.look(await stampsOf([file]))) await this.#add(name, file, server);
    }
    if (!this.#change.look(await stampsOf(this.#folders))) return;
    const found = new Map(this.#list().map(file => [bareName(file), file]));
    for (const [name, file] of this.#served) {
      if (found.get(name) === file || this.#parts.files.named.has(name)) continue;
      this.#served.delete(name);
      this.#broken.delete(name);
      await server.remove(name);
      this.#parts.tell(`${name} is served no longer: ${file} is gone`);
    }
    for (const [name, file] of found) {
      if (this.#served.has(name) || this.#parts.files.files.has(name)) continue;
      this.#served.set(name, file);
      await this.#add(name, file, server);
    }
  }

  async #add(name: string, file: string, server: CapabilityServer): Promise<void> {
    const stamps = await stampsOf([file]);
    try {
      await server.add(name, file);
      this.#broken.delete(name);
      this.#parts.tell(`${name} is served: ${file} is new`);
    } catch (error) {
      this.#broken.set(name, new SettledChange(stamps));
      this.#parts.fail(file, error, "it is served when it has been mended");
    }
  }

  #list(): string[] {
    this.#folders = [];
    return filesOf(this.#folder, folder => this.#folders.push(folder));
  }
}
