import type { IncomingMessage } from "node:http";

const tenants = new WeakMap<IncomingMessage, string>();

/** Remembers the tenant whose caller was let in with a request. */
export function rememberTenant(request: IncomingMessage, tenant: string): void {
  tenants.set(request, tenant);
}

/** Returns the tenant that a request is of. `undefined`: the server has none, or it was let in without one. */
export function tenantOfRequest(request: IncomingMessage): string | undefined {
  return tenants.get(request);
}
