import { isExposed } from "../../base/plain-http.ts";
import type { InboundKind } from "./inbound-kind.ts";

const URLS = ["authorizationServerUri", "introspectionEndpoint"];

/** Tokens of an authorization server (language chapter 7.6). */
export const oauth2: InboundKind = {
  fields: ["authorizationServerUri", "resource"],
  optionalFields: ["audience", "clientId", "clientSecret", "introspectionEndpoint"],
  publicFields: ["authorizationServerUri", "resource", "audience", "clientId", "introspectionEndpoint"],
  problem(_, values, { session }) {
    for (const name of URLS) {
      const url = values[name];
      if (url === undefined) continue;
      if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return `has no http or https URL as its ${name}: ${url}`;
      if (isExposed(new URL(url).href) && !session.allowPlainHttp)
        return `has a plain http URL as its ${name}, which others could answer: ${url}`;
    }
    return undefined;
  },
  async open(declared, values, context) {
    const { openOAuth2 } = await import("./oauth2-guard.ts");
    return openOAuth2(declared, values, context);
  },
};
