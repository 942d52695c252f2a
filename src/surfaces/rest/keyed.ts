/** Tells a request that is sent again from others. */
export interface Keyed {
  readonly key: string;
  /** Tells its caller from others. `undefined`: nobody has to say who they are. */
  readonly caller: string | undefined;
  /** Path and query, as sent. */
  readonly target: string;
}
