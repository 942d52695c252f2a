import { countOf } from "../../../base/count-of.ts";
import type { ExposedAdapter } from "../../../language/model/exposed/types.ts";
import { HostedCapability } from "../../../serving/hosted-capability.ts";
import type { Listener } from "../../../serving/listener.ts";
import type { Service } from "../../../serving/service.ts";
import { usageError } from "../usage-error.ts";
import { OwnPorts } from "./own-ports.ts";
import { servedOpener } from "./served-opener.ts";
import { type CapabilityServer, endStreams, type Hosted, type ServerParts, telemetriesOf } from "./server-parts.ts";

/** Serves each adapter at its own address. All files are opened at start: they say what to listen on. */
export class OwnServer implements CapabilityServer {
  readonly #parts: ServerParts;
  readonly #ports: OwnPorts;
  readonly #hosted = new Map<string, Hosted>();
  readonly #startedAt = Date.now();
  #isStopping = false;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#ports = new OwnPorts(parts.listen, parts.host, parts.tell);
  }

  get hosted(): Iterable<Hosted> {
    return this.#hosted.values();
  }

  get listeners(): readonly Listener[] {
    return this.#ports.listeners;
  }

  async start(): Promise<void> {
    const { files, named } = this.#parts.files;
    let empty = 0;
    for (const [name, file] of files) {
      const isServed = await this.#serve(name, file);
      if (!isServed) empty++;
      if (!isServed && named.has(name)) this.#parts.tell(`${name} exposes nothing`);
    }
    if (empty === files.size) {
      const [only = ""] = files.values();
      const subject = empty === 1 ? `${only} exposes` : `${countOf(empty, "capability", "capabilities")} expose`;
      throw usageError(`Cannot serve anything: ${subject} nothing; naftiko run calls what a capability consumes`);
    }
    if (empty > 0) this.#parts.tell(`${countOf(empty, "file exposes", "files expose")} nothing`);
  }

  async reload(hosted: Hosted): Promise<void> {
    const opened = await hosted.reload(({ adapters }) => this.#ports.take(hosted, adapters));
    this.#ports.drop(hosted, opened.adapters);
    for (const { taken } of opened.adapters) taken?.();
  }

  async add(name: string, file: string): Promise<void> {
    await this.#serve(name, file);
  }

  async remove(name: string): Promise<void> {
    const hosted = this.#hosted.get(name);
    if (hosted === undefined) return;
    this.#hosted.delete(name);
    this.#ports.leave(hosted);
    await hosted.close();
  }

  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    endStreams(this.hosted);
    await this.#ports.stop(graceMs);
    const followed = telemetriesOf(this.hosted);
    await Promise.all([...this.#hosted.values()].map(hosted => hosted.close()));
    await Promise.all(followed.map(telemetry => telemetry.close()));
  }

  /** Returns whether the file exposes anything. */
  async #serve(name: string, file: string): Promise<boolean> {
    const hostOf = (adapter: ExposedAdapter) => this.#ports.hostOf(adapter);
    const opener = (to: Hosted) => servedOpener(to, hostOf, this.#serviceOf(to), this.#parts);
    // It is opened here, before there are requests.
    const hosted: Hosted = new HostedCapability(name, file, opener, () => {});
    const { adapters } = await hosted.reload(opened => this.#ports.take(hosted, opened.adapters));
    if (adapters.length === 0) {
      await hosted.close();
      return false;
    }
    this.#hosted.set(name, hosted);
    return true;
  }

  #serviceOf(hosted: Hosted): Service {
    const server = this;
    return {
      log: this.#parts.log,
      startedAt: this.#startedAt,
      get isReady() {
        return !server.#isStopping;
      },
      get adapters() {
        const { current } = hosted;
        return current === undefined ? [] : server.#ports.states(hosted, current);
      },
      reload: () => this.reload(hosted),
    };
  }
}
