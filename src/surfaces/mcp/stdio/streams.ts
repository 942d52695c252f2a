/** The streams of a process that a client has started, or of anything else that carries lines. */
export interface McpStreams {
  readonly input: AsyncIterable<Uint8Array>;
  readonly output: LineOutput;
  /** Aborted when serving has to end. */
  readonly signal: AbortSignal;
}

/** Receives whole lines. */
export interface LineOutput {
  /**
   * Gives `false` where it would rather have the next line when {@link written} has settled.
   *
   * @throws Error where nothing can be written any more
   */
  write(line: string): unknown;
  /**
   * Settles when everything is written.
   *
   * @throws Error where something was not
   */
  written?(): Promise<void>;
}
