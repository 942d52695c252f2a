/** The tokens of a person who has logged in. */
export interface StoredTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Milliseconds since 1970; absent where the server does not tell. */
  readonly expiresAt?: number;
}

/** Where tokens are kept between runs. */
export interface LoginStore {
  read(key: string): Promise<StoredTokens | undefined>;
  /** @returns where they are now, for people */
  write(key: string, tokens: StoredTokens): Promise<string>;
  /** @returns whether there were any */
  remove(key: string): Promise<boolean>;
}
