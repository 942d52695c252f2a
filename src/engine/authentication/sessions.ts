import { getOrSet } from "../../base/get-or-set.ts";
import type { AuthenticatedSend, FieldValues, SessionContext, SessionKind } from "./authentication-kind.ts";

/** A credential that is added while a request is sent. */
export interface SessionCredential {
  readonly type: string;
  readonly kind: SessionKind;
  readonly values: FieldValues;
}

/** The open sessions of a capability: one for each kind and its values, shared by adapters and operations. */
export class Sessions {
  readonly #context: SessionContext;
  readonly #open = new Map<string, Promise<AuthenticatedSend>>();

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** Returns the function that sends with a credential. */
  get({ type, kind, values }: SessionCredential): Promise<AuthenticatedSend> {
    return getOrSet(this.#open, JSON.stringify([type, values]), () => kind.open(values, this.#context));
  }
}

/** Creates sessions without credentials: a sandbox has no accounts. */
export function noSessions(): Pick<Sessions, "get"> {
  return { get: () => Promise.resolve((request, exchange, send) => send(request, exchange)) };
}
