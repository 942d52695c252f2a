import type { InboundAuthentication } from "../../language/model/exposed/types.ts";
import { apiKey } from "./api-key.ts";
import { basic } from "./basic.ts";
import { bearer } from "./bearer.ts";
import { digest } from "./digest.ts";
import type { InboundKind } from "./inbound-kind.ts";
import { oauth2 } from "./oauth2.ts";

/** The kinds of authentication of callers by `type`. */
export const inboundKinds: Readonly<Record<InboundAuthentication["type"], InboundKind>> = {
  basic,
  bearer,
  apikey: apiKey,
  digest,
  oauth2,
};
