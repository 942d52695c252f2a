import { countOf } from "../../../base/count-of.ts";
import type { ExposedAdapter } from "../../../language/model/exposed/types.ts";
import { CapabilityHost } from "../../../serving/capability-host.ts";
import type { Listener } from "../../../serving/listener.ts";
import type { AdapterState, Service } from "../../../serving/service.ts";
import type { ServedAdapter, ServedCapability } from "./open-served.ts";
import { LOOPBACK, listenError, OwnPorts } from "./own-ports.ts";
import { servedOpener } from "./served-opener.ts";
import { type CapabilityServer, endStreams, type Hosted, type ServerParts, telemetriesOf } from "./server-parts.ts";
import { sharedHandle } from "./shared-handle.ts";

/** Files that are opened at start, so that their mistakes are told at once. More are opened at their first call. */
const MOST_OPENED_AT_START = 20;

/** Serves all capabilities behind one port, each below its name. */
export class SharedServer implements CapabilityServer {
  readonly #parts: ServerParts;
  readonly #port: number;
  readonly #host: CapabilityHost<ServedCapability>;
  /** A control adapter shares no port. It is there where one capability is served. */
  readonly #control: OwnPorts;
  readonly #startedAt = Date.now();
  #listener: Listener | undefined;
  #isStopping = false;

  constructor(parts: ServerParts, port: number) {
    this.#parts = parts;
    this.#port = port;
    this.#control = new OwnPorts(parts.listen, parts.host, parts.tell);
    const failed = (file: string, error: unknown) => parts.fail(file, error, "calls of it are answered with 500");
    this.#host = new CapabilityHost(
      new Map(parts.files.files),
      hosted => servedOpener(hosted, adapter => this.#hostOf(adapter), this.#serviceOf(hosted), parts),
      failed,
    );
  }

  get hosted(): Iterable<Hosted> {
    return this.#host.used;
  }

  get listeners(): readonly Listener[] {
    return this.#listener === undefined ? [] : [this.#listener, ...this.#control.listeners];
  }

  async start(): Promise<void> {
    const { files, listen, host = LOOPBACK, rateLimit, tell } = this.#parts;
    if (files.named.size <= MOST_OPENED_AT_START) for (const name of files.named) await this.#check(name);
    const address = { host, port: this.#port };
    const count = countOf(files.files.size, "capability", "capabilities");
    this.#listener = await listen(address, sharedHandle(this.#host, rateLimit)).catch((error: unknown) => {
      throw listenError(error, count, address);
    });
    const [name = ""] = files.files.keys();
    const shown = files.files.size === 1 ? `/${encodeURIComponent(name)}/` : "/<capability>/";
    tell(`${count} served on ${this.#listener.url}${shown}`);
    const only = files.files.size === 1 ? this.#host.get(name) : undefined;
    if (only?.current !== undefined) await this.#control.take(only, controls(only.current));
  }

  async reload(hosted: Hosted): Promise<void> {
    const isOnly = this.#parts.files.files.size === 1;
    const opened = await hosted.reload(async opened => {
      if (isOnly) await this.#control.take(hosted, controls(opened));
    });
    if (isOnly) this.#control.drop(hosted, controls(opened));
    for (const { taken } of opened.adapters) taken?.();
  }

  async add(name: string, file: string): Promise<void> {
    this.#host.add(name, file);
  }

  remove(name: string): Promise<void> {
    return this.#host.remove(name);
  }

  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    endStreams(this.hosted);
    await this.#listener?.stop(graceMs);
    await this.#control.stop(graceMs);
    const followed = telemetriesOf(this.hosted);
    await this.#host.close();
    await Promise.all(followed.map(telemetry => telemetry.close()));
  }

  /** Opens a capability that was named, to see that it can be served. */
  async #check(name: string): Promise<void> {
    const hosted = this.#host.get(name);
    const opened = await hosted?.reload();
    if (opened?.adapters.length === 0) this.#parts.tell(`${name} exposes nothing`);
    if (opened !== undefined && this.#parts.files.files.size > 1 && controls(opened).length > 0)
      this.#parts.tell(`${name}: control is not served: behind one port it is only where a single capability is`);
  }

  /** Returns the host that an adapter listens on. */
  #hostOf(adapter: ExposedAdapter): string | undefined {
    const { files, host = LOOPBACK } = this.#parts;
    if (adapter.type !== "control") return host;
    return files.files.size === 1 ? this.#control.hostOf(adapter) : undefined;
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
        return (hosted.current?.adapters ?? []).flatMap(({ adapter }): AdapterState[] => {
          if (adapter.type === "control") return [];
          const { type, namespace } = adapter;
          return [{ type, namespace, port: server.#listener?.port, state: server.#isStopping ? "stopped" : "started" }];
        });
      },
      reload: () => this.reload(hosted),
    };
  }
}

function controls({ adapters }: ServedCapability): ServedAdapter[] {
  return adapters.filter(({ adapter }) => adapter.type === "control");
}
