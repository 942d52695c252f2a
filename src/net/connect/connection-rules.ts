import type { Proxies } from "./proxy/proxies.ts";

/** Rules for connections that are not made in the usual way. */
export interface ConnectionRules {
  /** Identity of the rules. Connections by other rules are not shared. */
  readonly id: string;
  /** Whether only addresses of the public internet are connected to. */
  readonly publicOnly: boolean;
  /** Authorities to trust besides those of Node, in PEM. */
  readonly certificateAuthority: string | undefined;
  readonly proxies: Proxies | undefined;
  /** Whether HTTP/2 is used with servers that offer it, if the transport can. */
  readonly http2: boolean;
}

/** Rules without effect. */
export const USUAL_RULES: ConnectionRules = Object.freeze({
  id: "",
  publicOnly: false,
  certificateAuthority: undefined,
  proxies: undefined,
  http2: false,
});
