import type { SecretMask } from "../../base/mask-secrets.ts";
import type { AuthenticationTraits, CredentialPlace } from "../../language/document/kinds.ts";
import type { HttpRequest } from "../../net/http-request.ts";
import type { Exchange, HttpResponse, Send } from "../../net/transport.ts";
import type { LoginStore } from "./login-store.ts";

/** The values of a kind's fields; those that are not declared are absent, and none is empty. */
export type FieldValues = Readonly<Record<string, string>>;

interface KindFields extends AuthenticationTraits {
  /** Fields that may have one. */
  readonly optionalFields?: readonly string[];
  /** Those of both that are no secret. */
  readonly publicFields?: readonly string[];
}

/** A kind whose credential is known before anything is sent: it is written into the request. */
export interface StaticKind extends KindFields {
  /** The credential as it is sent. */
  credential(values: FieldValues): string;
  /** What of the credential is a secret that no field is. */
  derived?(credential: string): string;
}

/** Sends a request with a credential, by `send`. */
export type AuthenticatedSend = (
  request: HttpRequest,
  exchange: Exchange,
  send: Send,
) => Promise<HttpResponse>;

/** A kind that has to see the finished request, or answers, or another server. */
export interface SessionKind extends KindFields {
  /**
   * What sends requests with the credential. It is opened once for all calls with the
   * same values, and keeps what they share, such as a token.
   *
   * @throws CapabilityError `AUTHENTICATION_FAILED` for values that can never work
   */
  open(values: FieldValues, context: SessionContext): Promise<AuthenticatedSend>;
}

/** One kind of authentication: a row of the registry in `authentications.ts`. */
export type AuthenticationKind = StaticKind | SessionKind;

/** What a session takes from its surroundings. */
export interface SessionContext {
  /** For requests that are no call's own, such as that for a token. */
  readonly send: Send;
  /** For requests that no single call owns, such as that for a token. */
  readonly exchange: Exchange;
  /** Learns the credentials that the session gets. */
  readonly secrets: SecretMask;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Whether credentials may go over plain `http` to other hosts than this one. */
  readonly allowPlainHttp: boolean;
  readonly logins: LoginStore;
  /** Of requests that are not the caller's, such as that for a token. */
  readonly userAgent: string;
}

export const AUTHORIZATION: CredentialPlace = { in: "header", name: "authorization" };
