import type { SecretMask } from "../../base/mask-secrets.ts";
import type { AuthenticationTraits, CredentialPlace } from "../../language/document/kinds.ts";
import type { Authentication } from "../../language/model/types.ts";
import type { HttpRequest } from "../../net/http-request.ts";
import type { Exchange, HttpResponse, Send } from "../../net/transport.ts";
import type { Sharing } from "../../sharing/sharing.ts";
import type { LoginStore } from "./login-store.ts";

/** The values of a kind's fields. Only declared fields are present, and no value is empty unless the kind allows it. */
export type FieldValues = Readonly<Record<string, string>>;

interface KindFields extends AuthenticationTraits {
  /** Fields, required or optional, that are not secret. */
  readonly publicFields?: readonly string[];
  /** Tells whether a person logs in for the credential. */
  needsLogin?(declared: Authentication): boolean;
  /** Returns the facts of a declaration for people, behind its type, such as `in header X-Key`. */
  describe?(declared: Authentication): string;
}

/** A kind whose credential is known before the call: it is written into the request. */
export interface StaticKind extends KindFields {
  /** Returns the credential as it is sent. */
  credential(values: FieldValues): string;
  /** Returns a secret that the credential contains besides the fields. */
  derived?(credential: string): string;
}

/** Sends a request with a credential, by `send`. */
export type AuthenticatedSend = (request: HttpRequest, exchange: Exchange, send: Send) => Promise<HttpResponse>;

/** A kind that needs the finished request, answers, or another server. */
export interface SessionKind extends KindFields {
  /**
   * Opens a session, which sends requests with the credential. All calls with the same values share it, and so its token.
   *
   * @throws CapabilityError `AUTHENTICATION_FAILED` for values that can never work
   */
  open(values: FieldValues, context: SessionContext): Promise<AuthenticatedSend>;
}

/** One kind of authentication: a row of the registry in `authentications.ts`. */
export type AuthenticationKind = StaticKind | SessionKind;

/** The surroundings of a session. */
export interface SessionContext {
  /** Sends requests that do not belong to a call, such as a request for a token. */
  readonly send: Send;
  /** Exchange of such requests. */
  readonly exchange: Exchange;
  /** Learns the credentials that the session receives. */
  readonly secrets: SecretMask;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Whether credentials may go over plain `http` to hosts other than this one. */
  readonly allowPlainHttp: boolean;
  readonly logins: LoginStore;
  /** User agent of requests that do not belong to a call. */
  readonly userAgent: string;
  /** The tenant that the session is of: what other processes are given of it is for the same tenant. */
  readonly tenant: string | undefined;
  /** State that is shared with other processes, of the same tenant. `undefined`: none is. */
  readonly sharing: Sharing | undefined;
}

export const AUTHORIZATION: CredentialPlace = { in: "header", name: "authorization" };
