import type { Log } from "./log.ts";

/** A capability that is served by itself, as its control adapter shows it. */
export interface Service {
  /** Messages of the server, whichever capability they are about. */
  readonly log: Log;
  /** Whether it takes calls: no longer when the server stops. */
  readonly isReady: boolean;
  /** When it was started, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Its adapters in the order of the file, without the control adapter. */
  readonly adapters: readonly AdapterState[];
  /**
   * Opens the file again, and serves it in place of the older state.
   *
   * @throws CapabilityError that tells what is wrong with it; the older state then stays
   */
  reload(): Promise<void>;
}

/** An adapter, and whether it listens. */
export interface AdapterState {
  readonly type: "rest" | "mcp" | "skill";
  readonly namespace: string;
  /** `undefined` for one that does not listen on a port. */
  readonly port: number | undefined;
  readonly state: "started" | "stopped";
}
