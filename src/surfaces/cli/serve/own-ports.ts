import type { ExposedAdapter } from "../../../language/model/exposed/types.ts";
import type { HostedCapability } from "../../../serving/hosted-capability.ts";
import type { Handle, Listener } from "../../../serving/listener.ts";
import { Refusal } from "../../../serving/refusal.ts";
import type { AdapterState } from "../../../serving/service.ts";
import { consultHosted, useHosted } from "../../../serving/use-hosted.ts";
import { usageError } from "../usage-error.ts";
import type { ServedAdapter, ServedCapability } from "./open-served.ts";

/** Host that is listened on where nothing says another: only programs of this computer reach it. */
export const LOOPBACK = "127.0.0.1";

/** Starts to listen. */
export type Listen = (address: Address, handle: Handle) => Promise<Listener>;

interface Address {
  readonly host: string;
  readonly port: number;
}

/** An adapter that listens. */
interface Bound {
  readonly hosted: HostedCapability<ServedCapability>;
  readonly adapter: ExposedAdapter;
  readonly listener: Listener;
}

/** Adapters that each listen at an address of their own. */
export class OwnPorts {
  readonly #listen: Listen;
  readonly #host: string | undefined;
  readonly #tell: (line: string) => void;
  /** By address. */
  readonly #bound = new Map<string, Bound>();
  #isStopping = false;

  /**
   * @param host in place of those of the file
   * @param tell is called with a line for each that listens
   */
  constructor(listen: Listen, host: string | undefined, tell: (line: string) => void) {
    this.#listen = listen;
    this.#host = host;
    this.#tell = tell;
  }

  /**
   * Listens at the addresses of a capability that it does not have yet: at all of them, or at none.
   *
   * @throws CapabilityError `USAGE` for an address that cannot be listened at, or that another adapter has
   */
  async take(hosted: HostedCapability<ServedCapability>, adapters: readonly ServedAdapter[]): Promise<void> {
    const wanted = new Map<string, ServedAdapter>();
    for (const served of adapters) {
      const key = this.#keyOf(hosted.name, served.adapter);
      if (key === undefined) continue;
      const other = wanted.get(key)?.adapter ?? this.#foreign(key, hosted)?.adapter;
      if (other !== undefined) throw this.#taken(hosted.name, served.adapter, key);
      wanted.set(key, served);
    }
    const taken = new Set<string>();
    try {
      for (const [key, served] of wanted) {
        if (this.#bound.has(key)) continue;
        await this.#bind(key, hosted, served);
        taken.add(key);
      }
    } catch (error) {
      this.#stopAll((_bound, key) => taken.has(key));
      throw error;
    }
  }

  /** Listens no longer at the addresses that a capability had before. */
  drop(hosted: HostedCapability<ServedCapability>, adapters: readonly ServedAdapter[]): void {
    const wanted = new Set(adapters.map(({ adapter }) => this.#keyOf(hosted.name, adapter)));
    this.#stopAll((bound, key) => bound.hosted === hosted && !wanted.has(key));
  }

  /** Listens for a capability no longer. */
  leave(hosted: HostedCapability<ServedCapability>): void {
    this.#stopAll(bound => bound.hosted === hosted);
  }

  /** Returns the adapters of a capability, and which of them listen. */
  states({ name }: HostedCapability<ServedCapability>, opened: ServedCapability): AdapterState[] {
    return opened.adapters.flatMap(({ adapter }): AdapterState[] => {
      if (adapter.type === "control") return [];
      const { type, namespace } = adapter;
      const key = this.#keyOf(name, adapter);
      const bound = key === undefined ? undefined : this.#bound.get(key);
      // Standard input and output are there without a port.
      const isStarted = !this.#isStopping && (key === undefined || bound !== undefined);
      return [{ type, namespace, port: bound?.listener.port, state: isStarted ? "started" : "stopped" }];
    });
  }

  get listeners(): readonly Listener[] {
    return [...this.#bound.values()].map(({ listener }) => listener);
  }

  /** Stops, the control adapters last: they tell that the others no longer take calls. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    const all = [...this.#bound.values()];
    const isControl = ({ adapter }: Bound) => adapter.type === "control";
    await Promise.all(all.filter(bound => !isControl(bound)).map(({ listener }) => listener.stop(graceMs)));
    await Promise.all(all.filter(isControl).map(({ listener }) => listener.stop(CONTROL_STOP_MS)));
    this.#bound.clear();
  }

  async #bind(key: string, hosted: HostedCapability<ServedCapability>, { adapter, isSupported }: ServedAdapter) {
    const label = labelOf(hosted.name, adapter);
    const address = { host: this.hostOf(adapter) ?? LOOPBACK, port: adapter.port ?? 0 };
    let last: ServedCapability | undefined;
    let served: ServedAdapter | undefined;
    const handle: Handle = (request, reply, target) => {
      const work = (opened: ServedCapability) => {
        if (opened !== last) {
          last = opened;
          served = opened.adapters.find(({ adapter }) => this.#keyOf(hosted.name, adapter) === key);
        }
        if (served === undefined) throw new Refusal(404, "The adapter of this address is no longer served");
        return served.handle(request, reply, target);
      };
      return adapter.type === "control" ? consultHosted(hosted, work) : useHosted(hosted, reply, work);
    };
    const listener = await this.#listen(address, handle).catch((error: unknown) => {
      throw listenError(error, label, address);
    });
    this.#bound.set(key, { hosted, adapter, listener });
    const note = isSupported ? "" : "; it answers 501: adapters of this type are not served yet";
    this.#tell(`${label} listens on ${listener.url}${note}`);
  }

  #stopAll(isGone: (bound: Bound, key: string) => boolean): void {
    for (const [key, bound] of this.#bound) {
      if (!isGone(bound, key)) continue;
      this.#bound.delete(key);
      this.#tell(`${labelOf(bound.hosted.name, bound.adapter)} no longer listens on ${bound.listener.url}`);
      void bound.listener.stop(STOP_MS);
    }
  }

  /** Returns the host that an adapter listens on; `undefined` for one that does not listen. */
  hostOf(adapter: ExposedAdapter): string | undefined {
    return adapter.port === undefined ? undefined : (this.#host ?? adapter.address ?? LOOPBACK);
  }

  /** Returns what an address is kept under. Every adapter with port 0 has a port of its own. */
  #keyOf(name: string, adapter: ExposedAdapter): string | undefined {
    const host = this.hostOf(adapter);
    if (host === undefined) return undefined;
    const { port } = adapter;
    return port === 0 ? `${host}:0 ${labelOf(name, adapter)}` : `${host}:${port}`;
  }

  #foreign(key: string, hosted: HostedCapability<ServedCapability>): Bound | undefined {
    const bound = this.#bound.get(key);
    return bound === undefined || bound.hosted === hosted ? undefined : bound;
  }

  #taken(name: string, adapter: ExposedAdapter, key: string) {
    const other = this.#bound.get(key);
    const owner = other === undefined ? "another adapter of the file" : labelOf(other.hosted.name, other.adapter);
    return usageError(
      `Cannot serve ${labelOf(name, adapter)} on ${key}, where ${owner} listens; --port serves all behind one port`,
    );
  }
}

/** How long requests of an adapter that was taken out of a file may go on, in milliseconds. */
const STOP_MS = 30_000;
/** How long requests of a control adapter may go on: some have no end, such as a stream of logs. */
const CONTROL_STOP_MS = 100;

/** Names an adapter for people. */
export function labelOf(name: string, adapter: ExposedAdapter): string {
  return adapter.type === "control" ? `${name}: control` : `${name}: ${adapter.type} ${adapter.namespace}`;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program has the port, or another adapter",
  EACCES: "this user may not listen on the port; those from 1024 on are for everybody",
  EADDRNOTAVAIL: "this computer does not have the address",
  ENOTFOUND: "the name leads to no address",
  EAI_AGAIN: "the name cannot be looked up",
  EINVAL: "it is no address",
};

/** Explains that an address cannot be listened at. Other errors are returned as they are. */
export function listenError(error: unknown, label: string, { host, port }: Address): unknown {
  const { code = "", syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  const at = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return usageError(`Cannot listen on ${at} for ${label}: ${REASONS[code] ?? code} (${code})`);
}
