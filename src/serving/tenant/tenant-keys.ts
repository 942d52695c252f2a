import { createHash } from "node:crypto";
import { isJsonObject } from "../../base/json-object.ts";
import { visibleLine } from "../../base/visible-text.ts";
import { readDocument } from "../../language/document/read-document.ts";
import { isTenantName } from "../../language/document/tenant-location.ts";
import { stampsOf } from "../file-stamps.ts";
import { callerId } from "../inbound/caller-id.ts";

/** Time between looks at the file of keys, in milliseconds. */
const LOOK_MS = 1_000;
const HASH = /^sha256:([0-9a-f]{64})$/i;

/** The one that has a key. */
interface KeyHolder {
  readonly id: string;
  readonly tenant: string;
}

/** The keys by which callers tell their tenants. A key is found by its hash: no time tells how much of it is right. */
export class TenantKeys {
  #callers: ReadonlyMap<string, KeyHolder>;
  readonly #file: KeyFile | undefined;

  private constructor(callers: ReadonlyMap<string, KeyHolder>, file: KeyFile | undefined) {
    this.#callers = callers;
    this.#file = file;
  }

  /**
   * Opens keys of a configuration.
   *
   * @throws Error with what is wrong with them
   */
  static of(hashes: unknown): TenantKeys {
    return new TenantKeys(callersOf(hashes), undefined);
  }

  /**
   * Opens keys of a file, which is read again when it changes. A state of it that cannot be used is told of, and the one
   * before it stays.
   *
   * @param file absolute path
   * @throws Error with what is wrong with it
   */
  static async in(file: string, report: (error: unknown) => void): Promise<TenantKeys> {
    const stamps = await stampsOf([file]);
    return new TenantKeys(await readKeys(file), {
      path: file,
      report,
      stamps,
      lookedAt: Date.now(),
      looking: undefined,
    });
  }

  /** Finds who presents a key. A tenant that was added a moment ago is found; one that was taken out is not, within a second. */
  find(key: string | Uint8Array): KeyHolder | undefined | Promise<KeyHolder | undefined> {
    const hash = createHash("sha256").update(key).digest("hex");
    const file = this.#file;
    if (file === undefined || Date.now() - file.lookedAt < LOOK_MS) return this.#callers.get(hash);
    file.looking ??= this.#look(file).finally(() => {
      file.lookedAt = Date.now();
      file.looking = undefined;
    });
    return file.looking.then(() => this.#callers.get(hash));
  }

  async #look(file: KeyFile): Promise<void> {
    const stamps = await stampsOf([file.path]);
    if (stamps === file.stamps) return;
    file.stamps = stamps;
    try {
      this.#callers = await readKeys(file.path);
    } catch (error) {
      file.report(error);
    }
  }
}

interface KeyFile {
  readonly path: string;
  readonly report: (error: unknown) => void;
  stamps: string;
  lookedAt: number;
  looking: Promise<void> | undefined;
}

async function readKeys(file: string): Promise<ReadonlyMap<string, KeyHolder>> {
  const { value } = await readDocument(file);
  try {
    return callersOf(value ?? {});
  } catch (error) {
    throw new Error(`Cannot use the keys in ${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** Returns callers by the hashes of their keys. */
function callersOf(hashes: unknown): ReadonlyMap<string, KeyHolder> {
  if (!isJsonObject(hashes)) throw new Error("they are not hashes by the names of tenants");
  const callers = new Map<string, KeyHolder>();
  for (const [tenant, given] of Object.entries(hashes)) {
    const shown = JSON.stringify(visibleLine(tenant));
    if (!isTenantName(tenant))
      throw new Error(`${shown} is not the name of a tenant: letters, digits, ".", "_" and "-", at most 128`);
    for (const text of Array.isArray(given) ? given : [given]) {
      const hash = typeof text === "string" ? HASH.exec(text)?.[1]?.toLowerCase() : undefined;
      // It may be the key itself, which no message shows.
      if (hash === undefined) throw new Error(`the key of ${shown} is not "sha256:" and 64 hexadecimal digits`);
      const other = callers.get(hash)?.tenant;
      if (other !== undefined && other !== tenant)
        throw new Error(`${JSON.stringify(other)} and ${shown} have the same key`);
      callers.set(hash, { id: callerId("tenant", JSON.stringify([tenant, hash])), tenant });
    }
  }
  return callers;
}
