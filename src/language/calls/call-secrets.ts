import type { AuthenticationDeclaration, ConsumedInputParameter } from "../document/document-types.ts";
import { isCredentialName } from "../expression/credential-name.ts";
import { variablePrefix } from "../openapi/imported-names.ts";
import { looksPrivate } from "./private-value.ts";

/**
 * Secrets of the calls of one API. A file never has their values: each becomes a variable. The first is the
 * authentication of the API, and the others are parameters of every request.
 */
export class CallSecrets {
  readonly #prefix: string;
  readonly #variables = new Set<string>();
  readonly #parameters = new Map<string, ConsumedInputParameter>();
  #authentication: AuthenticationDeclaration | undefined;

  constructor(namespace: string) {
    this.#prefix = variablePrefix(namespace);
  }

  get variables(): readonly string[] {
    return [...this.#variables];
  }

  get authentication(): AuthenticationDeclaration | undefined {
    return this.#authentication;
  }

  get parameters(): readonly ConsumedInputParameter[] {
    return [...this.#parameters.values()];
  }

  /** Takes a user name and a password. */
  addUser({ username, password, isDigest }: { username: string; password: string; isDigest: boolean }): void {
    if (this.#authentication !== undefined) return;
    const declared = {
      ...(username === "" ? {} : { username: this.#template("USERNAME", username) }),
      ...(password === "" ? {} : { password: this.#template("PASSWORD", password) }),
    };
    this.#authentication = { type: isDigest ? "digest" : "basic", ...declared };
  }

  /** Takes a header if its value is a secret, and returns whether it is. */
  takeHeader(name: string, value: string): boolean {
    const key = name.toLowerCase();
    if (key === "authorization") {
      const [, scheme = "", credential = ""] = /^(\S+)\s+([\s\S]*)$/.exec(value) ?? [];
      if (/^bearer$/i.test(scheme) && this.#authentication === undefined)
        this.#authentication = { type: "bearer", token: this.#template("TOKEN", credential) };
      else if (/^basic$/i.test(scheme) && this.#authentication === undefined)
        this.addUser({ ...userOf(credential), isDigest: false });
      else if (this.#authentication === undefined) this.#addParameter("header", name, "AUTHORIZATION", value);
      return true;
    }
    if (key === "cookie") {
      this.#addParameter("header", "Cookie", "COOKIE", value);
      return true;
    }
    if (isCredentialName(name)) this.#takeKey("header", name, value);
    else if (looksPrivate(value)) this.#addParameter("header", name, suffixOf(name), value);
    else return false;
    return true;
  }

  /** Takes a query parameter if its value is a secret, and returns whether it is. */
  takeQuery(name: string, value: string): boolean {
    if (!isCredentialName(name)) return false;
    this.#takeKey("query", name, value);
    return true;
  }

  /** Returns a word of the query that has no value, with a variable in its place if it is a secret. */
  wordOf(word: string): string {
    return looksPrivate(word) ? this.#template("KEY", word) : word;
  }

  #takeKey(placement: "header" | "query", name: string, value: string): void {
    const declared = this.#authentication;
    if (declared?.type === "apikey" && declared.key === name && declared.placement === placement) return;
    if (declared === undefined)
      this.#authentication = { type: "apikey", key: name, value: this.#template(suffixOf(name), value), placement };
    else this.#addParameter(placement, name, suffixOf(name), value);
  }

  #addParameter(location: "header" | "query", name: string, suffix: string, value: string): void {
    const key = `${location} ${name.toLowerCase()}`;
    if (!this.#parameters.has(key))
      this.#parameters.set(key, { name, in: location, value: this.#template(suffix, value) });
  }

  /** Returns a reference to a variable: the one that the shell would have put in, or one of our own. */
  #template(suffix: string, value: string): string {
    const written = /^\$\{?([A-Z][A-Z\d_]*)\}?$/.exec(value)?.[1];
    const variable = written ?? `${this.#prefix}_${suffix}`;
    this.#variables.add(variable);
    return `{{${variable}}}`;
  }
}

function userOf(credential: string): { readonly username: string; readonly password: string } {
  const text = Buffer.from(credential, "base64").toString("utf8");
  const colon = text.indexOf(":");
  // Both have a variable if the text cannot be read.
  return colon < 0
    ? { username: "?", password: "?" }
    : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function suffixOf(name: string): string {
  const words = name
    .replace(/^x-/i, "")
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .replace(/[^A-Z\d]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return words === "" ? "KEY" : words;
}
