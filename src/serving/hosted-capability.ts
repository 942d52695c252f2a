import { Refusal } from "./refusal.ts";

/** A capability's file, opened to be served. */
export interface OpenedFile {
  close(): Promise<void>;
}

/** A state of a file, and the requests that use it. */
export interface Version<Opened extends OpenedFile> {
  readonly opened: Opened;
  /** Requests that use it. */
  running: number;
  /** Whether a newer one has taken its place. */
  isRetired: boolean;
}

/** How long a failure to open is kept, in milliseconds: requests that come meanwhile need not read the file again. */
const FAILURE_MS = 1_000;

/**
 * A capability that is served. It is opened at its first request. A newer state of the file takes the place of the older
 * one at once, which is closed when its requests have ended.
 */
export class HostedCapability<Opened extends OpenedFile> {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  readonly #opener: (hosted: HostedCapability<Opened>) => () => Promise<Opened>;
  #open: (() => Promise<Opened>) | undefined;
  readonly #failed: (error: unknown) => void;
  #version: Version<Opened> | undefined;
  /** Opening under way, one behind the other. */
  #opening: Promise<Version<Opened>> | undefined;
  /** Until when requests are refused, in milliseconds since 1970. */
  #failedUntil = 0;

  /**
   * @param opener makes what opens the file as it is then; called once, when it is to be opened
   * @param failed is told why it cannot be opened for a request
   */
  constructor(
    name: string,
    file: string,
    opener: (hosted: HostedCapability<Opened>) => () => Promise<Opened>,
    failed: (error: unknown) => void,
  ) {
    this.name = name;
    this.file = file;
    this.#opener = opener;
    this.#failed = failed;
  }

  /** Gives what is open now. */
  get current(): Opened | undefined {
    return this.#version?.opened;
  }

  /** Tells whether a request uses it, or waits for it. */
  get isUsed(): boolean {
    return this.#opening !== undefined || (this.#version?.running ?? 0) > 0;
  }

  /**
   * Gives the newest state that could be opened, for one request. It stays open until {@link release}.
   *
   * @throws Refusal 500 if there is none; it tells nothing of what is wrong with the file
   */
  acquire(): Version<Opened> | Promise<Version<Opened>> {
    const version = this.#version;
    if (version === undefined) return this.#acquireFirst();
    version.running++;
    return version;
  }

  release(version: Version<Opened>): void {
    version.running--;
    if (version.isRetired && version.running === 0) void close(version);
  }

  /**
   * Opens the file again.
   *
   * @param prepare readies what the newer state needs before it takes the place of the older one
   * @throws what opening and preparing throw; the older state then stays
   */
  async reload(prepare?: (opened: Opened) => Promise<void>): Promise<Opened> {
    const before = this.#opening;
    const opening = (async () => {
      await before?.catch(() => {});
      this.#open ??= this.#opener(this);
      const version: Version<Opened> = { opened: await this.#open(), running: 0, isRetired: false };
      await prepare?.(version.opened).catch(async (error: unknown) => {
        await close(version);
        throw error;
      });
      this.#failedUntil = 0;
      this.#replace(version);
      return version;
    })();
    this.#opening = opening;
    try {
      return (await opening).opened;
    } finally {
      if (this.#opening === opening) this.#opening = undefined;
    }
  }

  /** Closes it when its requests have ended. The next request opens it again. */
  async close(): Promise<void> {
    // Otherwise a state that is being opened would stay open.
    await this.#opening?.catch(() => {});
    await this.#replace(undefined);
  }

  async #acquireFirst(): Promise<Version<Opened>> {
    if (Date.now() < this.#failedUntil) throw unopened();
    try {
      await (this.#opening ?? this.reload());
    } catch (error) {
      if (Date.now() >= this.#failedUntil) {
        this.#failedUntil = Date.now() + FAILURE_MS;
        this.#failed(error);
      }
      throw unopened();
    }
    return this.acquire();
  }

  #replace(version: Version<Opened> | undefined): Promise<void> {
    const old = this.#version;
    this.#version = version;
    if (old === undefined) return Promise.resolve();
    old.isRetired = true;
    return old.running === 0 ? close(old) : Promise.resolve();
  }
}

function unopened(): Refusal {
  return new Refusal(500, "The capability cannot be served; the server tells its operator why");
}

/** Closes what no request uses. Nobody is left who could do something about a failure. */
async function close({ opened }: Version<OpenedFile>): Promise<void> {
  await opened.close().catch(() => {});
}
