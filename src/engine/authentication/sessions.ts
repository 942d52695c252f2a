import type { AuthenticatedSend, FieldValues, SessionContext, SessionKind } from "./authentication-kind.ts";

/** A credential that is added while a request is sent. */
export interface SessionCredential {
  readonly type: string;
  readonly kind: SessionKind;
  readonly values: FieldValues;
}

/** The open sessions of a capability: one for each kind and its values, whichever adapters and operations use it. */
export class Sessions {
  readonly #context: SessionContext;
  readonly #open = new Map<string, Promise<AuthenticatedSend>>();

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** What sends with a credential. */
  get({ type, kind, values }: SessionCredential): Promise<AuthenticatedSend> {
    const key = JSON.stringify([type, values]);
    let session = this.#open.get(key);
    if (session === undefined) {
      session = kind.open(values, this.#context);
      this.#open.set(key, session);
    }
    return session;
  }
}

/** Sessions that add nothing: a sandbox knows no accounts. */
export function noSessions(): Pick<Sessions, "get"> {
  return { get: () => Promise.resolve((request, exchange, send) => send(request, exchange)) };
}
