/** The tokens of a person who is logged in. */
export interface StoredTokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Milliseconds since 1970. `undefined` if the server does not tell. */
  readonly expiresAt: number | undefined;
}

/** A medium that keeps tokens between runs. */
export interface LoginMedium {
  read(key: string): Promise<StoredTokens | undefined>;
  /** Stores tokens. @returns a name of their place, for messages */
  write(key: string, tokens: StoredTokens): Promise<string>;
  /** Removes tokens. @returns whether there were any */
  remove(key: string): Promise<boolean>;
}

/** The store of tokens for all processes of a user. Changes of one key happen one after the other. */
export interface LoginStore extends Pick<LoginMedium, "read" | "write"> {
  /** Removes tokens. @returns the removed ones */
  remove(key: string): Promise<StoredTokens | undefined>;
  /**
   * Replaces tokens by others that are made from them. No other process changes them meanwhile, so that a refresh token is
   * used once.
   *
   * @param renew gets the stored tokens, and returns those to store; the same ones change nothing
   * @param signal ends the wait for other processes
   * @throws what `renew` throws; CapabilityError `AUTHENTICATION_FAILED` if they cannot be stored
   */
  renew(
    key: string,
    renew: (stored: StoredTokens | undefined) => Promise<StoredTokens>,
    signal: AbortSignal,
  ): Promise<StoredTokens>;
}
