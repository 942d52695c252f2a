import { thrownText } from "../../base/thrown-text.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { stampsOf } from "../../serving/file-stamps.ts";
import { capabilityHash } from "../capability-hash.ts";
import type { QueuedCapability } from "../job.ts";

/** A capability that a worker has opened. */
interface OpenedCapability {
  readonly runtime: Runtime;
  close(): Promise<void>;
}

/** Where a worker finds capabilities. */
export interface CapabilitySource {
  /**
   * Returns the absolute path of a capability's file. `undefined`: the worker has none of the name.
   *
   * @throws CapabilityError `CAPABILITY_NOT_FOUND` for a name that several files have
   */
  readonly fileOf: (name: string) => string | undefined;
  readonly open: (file: string) => Promise<OpenedCapability>;
}

/** A capability that is open, or why the worker does without. */
type Found = { readonly runtime: Runtime } | { readonly problem: string };

/** A file that was not what a batch wanted, and its state then. */
interface Refused {
  readonly stamps: string;
  readonly problem: string;
}

/**
 * The capabilities of a worker by the hashes of what they say. Each is opened when a batch asks for it. A file that has
 * changed since is opened again for a batch that wants what it says now; rows of the older one are still done.
 */
export class WorkerCapabilities {
  readonly #source: CapabilitySource;
  /** By hash. */
  readonly #opened = new Map<string, OpenedCapability>();
  /** By name and hash. */
  readonly #refused = new Map<string, Refused>();

  constructor(source: CapabilitySource) {
    this.#source = source;
  }

  /** Those that are open, for whoever asks which workers fit. */
  get all(): readonly QueuedCapability[] {
    return [...this.#opened].map(([hash, { runtime }]) => ({ name: runtime.name, hash }));
  }

  /**
   * Opens a file, whatever its hash.
   *
   * @throws CapabilityError as opening does
   */
  async open(file: string): Promise<{ readonly hash: string; readonly runtime: Runtime }> {
    const opened = await this.#source.open(file);
    const hash = capabilityHash(opened.runtime);
    const known = this.#opened.get(hash);
    if (known === undefined) this.#opened.set(hash, opened);
    else await opened.close();
    return { hash, runtime: (known ?? opened).runtime };
  }

  /** Finds the capability of a batch. It opens no file a second time that has not changed since. */
  async find({ name, hash }: QueuedCapability): Promise<Found> {
    const opened = this.#opened.get(hash);
    if (opened !== undefined) return { runtime: opened.runtime };
    const file = this.#fileOf(name);
    if (typeof file !== "string") return file;
    const wanted = JSON.stringify([name, hash]);
    const stamps = await stampsOf([file]);
    const refused = this.#refused.get(wanted);
    if (refused?.stamps === stamps) return refused;
    const found = await this.#openFor(file, hash);
    if ("problem" in found) this.#refused.set(wanted, { stamps, problem: found.problem });
    return found;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#opened.values()].map(opened => opened.close()));
  }

  #fileOf(name: string): string | { readonly problem: string } {
    try {
      return this.#source.fileOf(name) ?? { problem: "this worker has no capability of that name" };
    } catch (error) {
      return { problem: thrownText(error) };
    }
  }

  async #openFor(file: string, wanted: string): Promise<Found> {
    try {
      const { hash, runtime } = await this.open(file);
      if (hash === wanted) return { runtime };
      return { problem: `${file} has the hash ${hash}, and the submitter's ${wanted}: bring both to the same text` };
    } catch (error) {
      return { problem: `${file} cannot be opened: ${thrownText(error)}` };
    }
  }
}
