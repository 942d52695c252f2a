import { HostedCapability, type OpenedFile } from "./hosted-capability.ts";

/** Capabilities that are open at the same time; of more, those that were not used for the longest time are closed. */
const MOST_OPEN = 256;

/** Many capabilities by name. Each is opened at its first request. */
export class CapabilityHost<Opened extends OpenedFile> {
  readonly #files: Map<string, string>;
  readonly #opener: (hosted: HostedCapability<Opened>) => () => Promise<Opened>;
  readonly #failed: (file: string, error: unknown) => void;
  readonly #mostOpen: number;
  /** In the order of their last use. */
  readonly #hosted = new Map<string, HostedCapability<Opened>>();
  #last: HostedCapability<Opened> | undefined;

  /**
   * @param files absolute paths by name
   * @param opener makes what opens a file
   * @param failed is told why a file cannot be opened for a request
   */
  constructor(
    files: Map<string, string>,
    opener: (hosted: HostedCapability<Opened>) => () => Promise<Opened>,
    failed: (file: string, error: unknown) => void,
    mostOpen: number = MOST_OPEN,
  ) {
    this.#files = files;
    this.#opener = opener;
    this.#failed = failed;
    this.#mostOpen = mostOpen;
  }

  /** Gives the capabilities that have been used and not closed since. */
  get used(): Iterable<HostedCapability<Opened>> {
    return this.#hosted.values();
  }

  /** Finds a capability to use it. */
  get(name: string): HostedCapability<Opened> | undefined {
    if (this.#last?.name === name) return this.#last;
    const found = this.#hosted.get(name) ?? this.#host(name);
    if (found === undefined) return undefined;
    this.#hosted.delete(name);
    this.#hosted.set(name, found);
    this.#last = found;
    return found;
  }

  /** Serves a file from now on. */
  add(name: string, file: string): void {
    this.#files.set(name, file);
  }

  /** Serves a capability no longer. Its requests under way are completed. */
  async remove(name: string): Promise<void> {
    this.#files.delete(name);
    const hosted = this.#hosted.get(name);
    this.#hosted.delete(name);
    if (this.#last === hosted) this.#last = undefined;
    await hosted?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#hosted.values()].map(hosted => hosted.close()));
  }

  #host(name: string): HostedCapability<Opened> | undefined {
    const file = this.#files.get(name);
    if (file === undefined) return undefined;
    this.#makeRoom();
    return new HostedCapability(name, file, this.#opener, error => this.#failed(file, error));
  }

  /** Closes those that were not used for the longest time until one more may open. None is closed that a request uses. */
  #makeRoom(): void {
    for (const [name, hosted] of this.#hosted) {
      if (this.#hosted.size < this.#mostOpen) return;
      if (hosted.isUsed) continue;
      this.#hosted.delete(name);
      if (this.#last === hosted) this.#last = undefined;
      void hosted.close();
    }
  }
}
