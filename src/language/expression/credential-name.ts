import { secretName } from "../../base/secret-name.ts";

/** Names that end as those of credentials do, and are none. */
const OTHER_KEY =
  /(?:sort|order|group|partition|primary|foreign|idempotency|cache|next|page|pagination|continuation|sync|cursor)[-_]?(?:key|token)$/i;
const CREDENTIAL_NAME = /(?:key|token|secret|password|pat|authorization|cookie)$/i;

/** Tells whether a parameter of this name carries a credential. */
export function isCredentialName(name: string): boolean {
  return (CREDENTIAL_NAME.test(name) && !OTHER_KEY.test(name)) || secretName(name) !== undefined;
}
