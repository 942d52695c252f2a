/** The tokens of a person who has logged in. */
export interface StoredTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Milliseconds since 1970; absent where the server does not tell. */
  readonly expiresAt?: number;
}

/** One medium that keeps tokens between runs. */
export interface LoginMedium {
  read(key: string): Promise<StoredTokens | undefined>;
  /** @returns where they are now, for people */
  write(key: string, tokens: StoredTokens): Promise<string>;
  /** @returns whether there were any */
  remove(key: string): Promise<boolean>;
}

/** Where tokens are kept between runs, for all processes of a user. Who changes those of a key has them alone. */
export interface LoginStore extends Pick<LoginMedium, "read" | "write"> {
  /** @returns those that were kept */
  remove(key: string): Promise<StoredTokens | undefined>;
  /**
   * Replaces tokens by others that are made of them. Nobody else changes them meanwhile, so that a refresh token is
   * used once.
   *
   * @param renew gets what is kept now, and gives what is to be kept; the same to leave it
   * @param signal ends the wait for somebody else who changes them
   * @throws what `renew` throws; CapabilityError `AUTHENTICATION_FAILED` where they cannot be kept
   */
  renew(
    key: string,
    renew: (stored: StoredTokens | undefined) => Promise<StoredTokens>,
    signal: AbortSignal,
  ): Promise<StoredTokens>;
}
