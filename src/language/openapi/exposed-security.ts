import type { JsonObject } from "../../base/json-object.ts";
import type { InboundAuthentication } from "../model/exposed/types.ts";
import { oauth2Scheme } from "./exported-security.ts";

/** Security scheme of a server, with its name and what a request needs of it. */
interface ExposedSecurity {
  readonly name: string;
  readonly scheme: JsonObject;
  readonly scopes: readonly string[];
}

/** Returns what the callers of an adapter have to present. No value of a credential is a part of it. */
export function exposedSecurity(authentication: InboundAuthentication): ExposedSecurity {
  const { type, key, placement, scopes, fields } = authentication;
  switch (type) {
    case "basic":
    case "bearer":
    case "digest":
      return { name: type, scheme: { type: "http", scheme: type }, scopes: [] };
    case "apikey":
      return { name: type, scheme: { type: "apiKey", name: key ?? "", in: placement }, scopes: [] };
    case "oauth2": {
      const scheme = oauth2Scheme({ fields, scopes }, {});
      return { name: type, scheme, scopes: scheme["type"] === "http" ? [] : scopes };
    }
  }
}
