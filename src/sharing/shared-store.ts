/** How many requests may begin in an interval. */
export interface TurnRate {
  /** Most requests that begin in any interval. */
  readonly requests: number;
  readonly intervalMs: number;
}

/** Turns that were given out. */
export interface Turns {
  /** When each may be taken, in milliseconds from now. There may be fewer than were wanted. */
  readonly waitsMs: readonly number[];
  /** When to ask for more, if there were fewer. */
  readonly nextMs: number;
}

/** What a process says of places that processes share. */
export interface PlacesWanted {
  /** Places that it uses. */
  readonly used: number;
  /** Places that it uses, and those that it would use at once. */
  readonly wanted: number;
  /** Places of all processes together. */
  readonly limit: number;
  /** When the places of a process that says no more are free again. */
  readonly lifeMs: number;
}

/**
 * State that processes on several machines share. Every method is atomic, and its times are those of the store: the clocks
 * of processes do not matter. Names are those of {@link sharedName}.
 *
 * A method rejects with any error if the store cannot be asked; {@link Sharing} is what decides then.
 */
export interface SharedStore {
  /** Adds one to a count, which ends a time after its first. */
  count(name: string, windowMs: number): Promise<{ readonly count: number; readonly endsInMs: number }>;
  /** Gives out turns, none of them later than `aheadMs` from now. A turn that is not taken is lost. */
  turns(name: string, rate: TurnRate, wanted: number, aheadMs: number): Promise<Turns>;
  /**
   * Tells how many places a process may use from now on, at least those that it uses. Places are shared evenly where
   * there are too few. Has to be said again before its life ends.
   */
  places(name: string, holder: string, wanted: PlacesWanted): Promise<number>;
  /** Counts the processes that have said so within a time, this one included. */
  members(name: string, member: string, lifeMs: number): Promise<number>;
  /** Adds to the calls of a time that goes on, and returns their sums. */
  tally(name: string, windowMs: number, more: CallTally): Promise<CallTally>;
  /** Says that nothing should happen for a time. A longer pause stays. */
  pause(name: string, ms: number): Promise<void>;
  /** Returns the rest of a pause in milliseconds, `0` without one. */
  pausedMs(name: string): Promise<number>;
  get(name: string): Promise<Buffer | undefined>;
  set(name: string, value: Buffer, lifeMs: number): Promise<void>;
  /** Sets a value if there is none. @returns the one that is there; `undefined`: it is the given one now */
  setIfAbsent(name: string, value: Buffer, lifeMs: number): Promise<Buffer | undefined>;
  /** Sets a value in place of another. @returns whether that was there */
  replace(name: string, expected: Buffer, value: Buffer, lifeMs: number): Promise<boolean>;
  /** @param expected removes the value only if it is this one */
  delete(name: string, expected?: Buffer): Promise<void>;
  /** Returns what makes the store forget before it is told to, and what to set instead. */
  evicts(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Calls, and those of them that failed. */
export interface CallTally {
  readonly calls: number;
  readonly failures: number;
}
