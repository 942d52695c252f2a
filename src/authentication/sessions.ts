import type { Transport } from "../transport/transport.ts";
import type { FieldValues, SessionContext, SessionKind } from "./authentication-kind.ts";

/** A credential that is added while a request is sent. */
export interface SessionCredential {
  readonly type: string;
  readonly kind: SessionKind;
  readonly values: FieldValues;
}

/** The open sessions of a capability: one for each kind and its values, whichever adapters and operations use it. */
export class Sessions {
  readonly #context: SessionContext;
  readonly #open = new Map<string, Promise<Transport>>();

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** The transport that sends with a credential. */
  get({ type, kind, values }: SessionCredential): Promise<Transport> {
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
export function noSessions(send: Transport): Pick<Sessions, "get"> {
  return { get: () => Promise.resolve(send) };
}
