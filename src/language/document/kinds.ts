/** Kinds that a document may name, as far as the language has to know them. The engine has their registries. */
export interface Kinds {
  /** By `type` of an authentication. */
  readonly authentications: Readonly<Record<string, AuthenticationTraits>>;
  /** By `outputRawFormat` in lower case. */
  readonly rawFormats: Readonly<Record<string, RawFormatTraits>>;
}

/** Members that a declaration of one kind of authentication needs, and the place of its credential. */
export interface AuthenticationTraits {
  /** Members of the declaration that must have a value. */
  readonly fields: readonly string[];
  /** Whether all of them but one may be empty or left out (language chapter 3, rule 2). */
  readonly allowsEmpty?: true;
  /** Members that may have one. */
  readonly optionalFields?: readonly string[];
  /** Members that say where the credential goes. */
  readonly placingMembers?: readonly string[];
  /**
   * Returns the place of the credential. An input of the caller for the same place wins. `undefined` for a credential
   * that is not a part of the request.
   *
   * @returns the reason if the declaration does not say
   */
  place(declaration: DeclaredAuthentication): CredentialPlace | string | undefined;
  /** Returns why calls cannot use the declaration, as the end of a sentence that starts with its type. */
  unusable?(declaration: DeclaredAuthentication): string | undefined;
}

/** Part of a declaration that is known before any variable is looked up. */
export interface DeclaredAuthentication {
  readonly key?: string | undefined;
  readonly placement?: string | undefined;
  /** The declaration's other members. */
  readonly fields: { has(name: string): boolean };
}

/** Place of a credential in a request. */
export interface CredentialPlace {
  readonly in: "header" | "query";
  /** Header names in lower case. */
  readonly name: string;
}

export interface RawFormatTraits {
  /** Meaning of `outputSchema`. Absent if the format does not use it. `file`: it is required. */
  readonly schema?: "file" | "selector" | "heading";
}
