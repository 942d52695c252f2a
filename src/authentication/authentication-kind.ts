/** Where a credential goes in a request. */
export interface CredentialPlace {
  readonly in: "header" | "query";
  /** Header names in lower case. */
  readonly name: string;
}

/** One kind of authentication: a row of the registry in `authentications.ts`. */
export interface AuthenticationKind {
  /** Fields of the declaration that must have a value. */
  readonly fields: readonly string[];
  /**
   * Where the credential goes.
   *
   * @returns the reason where the declaration does not say
   */
  place(declaration: { readonly key?: string; readonly placement?: string }): CredentialPlace | string;
  /** The credential as it is sent, from the values of {@link AuthenticationKind.fields}. */
  credential(values: Readonly<Record<string, string>>): string;
}
