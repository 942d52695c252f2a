/** Settings of the server of a REST adapter. */
export interface RestSettings {
  /** Longest body of a request, in bytes. */
  readonly maxBodyBytes: number;
  /** Told of what the operator has to mend: callers are told no more than that something is wrong. */
  readonly report: (error: unknown) => void;
}
