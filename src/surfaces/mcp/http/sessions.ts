import { randomUUID } from "node:crypto";
import type { McpOffer } from "../offer.ts";
import type { ProtocolSettings } from "../protocol/call-tool.ts";
import { Session } from "./session.ts";

/** Bounds of what clients can hold open. */
interface SessionLimits {
  readonly total: number;
  /** Of one caller, who authenticated; of those who did not, of one address. */
  readonly perCaller: number;
  /** How long a session may stay unused, in milliseconds. */
  readonly idleMs: number;
}

const LIMITS: SessionLimits = { total: 2_000, perCaller: 500, idleMs: 30 * 60_000 };
/** Time between looks for sessions that are idle, in milliseconds. */
const SWEEP_MS = 60_000;

/** Sessions of clients of the older revisions. One that asks for too many loses the one that it has not used for longest. */
export class Sessions {
  readonly #offer: () => McpOffer;
  readonly #settings: ProtocolSettings;
  readonly #limits: SessionLimits;
  /** The one that was used last is the last. */
  readonly #byId = new Map<string, { readonly session: Session; readonly owner: string }>();
  readonly #counts = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(offer: () => McpOffer, settings: ProtocolSettings, limits: SessionLimits = LIMITS) {
    this.#offer = offer;
    this.#settings = settings;
    this.#limits = limits;
  }

  /**
   * Opens a session.
   *
   * @param owner whom it belongs to: nobody else can use it
   * @param caller as of a call of a tool; `undefined`: the session is told apart from others
   */
  open(owner: string, caller: string | undefined): Session {
    const { total, perCaller } = this.#limits;
    if ((this.#counts.get(owner) ?? 0) >= perCaller) this.#endIdle(owner);
    if (this.#byId.size >= total) this.#endIdle(undefined);
    const id = randomUUID();
    const session = new Session(id, caller ?? id, this.#offer, this.#settings);
    this.#byId.set(id, { session, owner });
    this.#counts.set(owner, (this.#counts.get(owner) ?? 0) + 1);
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
    return session;
  }

  /** Returns a session of a caller. */
  find(id: string, owner: string): Session | undefined {
    const found = this.#byId.get(id);
    if (found === undefined || found.owner !== owner) return undefined;
    found.session.usedAt = Date.now();
    this.#byId.delete(id);
    this.#byId.set(id, found);
    return found.session;
  }

  /** Ends a session. */
  end(id: string): void {
    const found = this.#byId.get(id);
    if (found === undefined) return;
    this.#byId.delete(id);
    const count = (this.#counts.get(found.owner) ?? 1) - 1;
    if (count === 0) this.#counts.delete(found.owner);
    else this.#counts.set(found.owner, count);
    void found.session.close();
  }

  /** Tells the clients that listen that the lists have changed. */
  changed(): void {
    for (const { session } of this.#byId.values()) session.changed();
  }

  /** Lets go of the clients that listen. */
  stop(): void {
    for (const { session } of this.#byId.values()) session.stopListening();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const id of [...this.#byId.keys()]) this.end(id);
  }

  /** Ends the session that was not used for longest, one without work if there is one. */
  #endIdle(owner: string | undefined): void {
    let oldest: string | undefined;
    for (const [id, other] of this.#byId) {
      if (owner !== undefined && other.owner !== owner) continue;
      oldest ??= id;
      if (other.session.isBusy) continue;
      oldest = id;
      break;
    }
    if (oldest !== undefined) this.end(oldest);
  }

  #sweep(): void {
    const idleSince = Date.now() - this.#limits.idleMs;
    for (const [id, { session }] of this.#byId) if (session.usedAt < idleSince && !session.isBusy) this.end(id);
  }
}
