import type { Proxies } from "./proxy/proxies.ts";

/** How connections are made where the usual way will not do. */
export interface ConnectionRules {
  /** Tells rules apart: connections made by one are not used for another. */
  readonly id: string;
  /** Whether only addresses of the public internet are connected to. */
  readonly publicOnly: boolean;
  /** Trusted besides the authorities that Node trusts, in PEM. */
  readonly certificateAuthority: string | undefined;
  readonly proxies: Proxies | undefined;
  /** Whether HTTP/2 is spoken with servers that offer it; only by transports that can. */
  readonly http2: boolean;
}

/** Rules that change nothing. */
export const USUAL_RULES: ConnectionRules = Object.freeze({
  id: "",
  publicOnly: false,
  certificateAuthority: undefined,
  proxies: undefined,
  http2: false,
});
