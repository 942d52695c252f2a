/**
 * A way out of an error or a finding, as data. It names options of the library; each surface words it for its own
 * readers.
 */
export type Remedy =
  /** Entries that the list of the option lacks. */
  | {
      readonly option: "allowHosts" | "bindFileRoots" | "folderRoots" | "importRoots" | "scriptRoots";
      readonly value: readonly string[];
    }
  | { readonly option: "allowInsecureAuthentication"; readonly value: true }
  | { readonly option: "egress"; readonly value: "any" }
  | { readonly option: "impliedAuthentication"; readonly value: false }
  /** A base URI for one namespace. */
  | { readonly option: "baseUri"; readonly namespace: string }
  /** A value that only the caller knows, such as a higher limit. */
  | {
      readonly option:
        | "certificateAuthority"
        | "maxDecodeMs"
        | "maxRedirects"
        | "maxResponseBytes"
        | "maxResponseValues";
    }
  /** A variable of the environment that has no value. */
  | { readonly variable: string }
  /** Logging in to the API of the operation. */
  | { readonly action: "login" }
  /** Trusting a configuration file that was found, or naming it. */
  | { readonly action: "nameConfig" | "trustConfig"; readonly file: string };

/** An error with a remedy. The error of the call that it ends takes the remedy over. */
export class RemediedError extends Error {
  readonly #remedy: Remedy;

  constructor(message: string, remedy: Remedy) {
    super(message);
    this.#remedy = remedy;
  }

  /** Returns the remedy of an error of this class. Nothing is asked of a program's own object, which may throw. */
  static remedyOf(error: unknown): Remedy | undefined {
    return typeof error === "object" && error !== null && #remedy in error ? error.#remedy : undefined;
  }
}
