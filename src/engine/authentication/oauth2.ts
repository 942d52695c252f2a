import { AUTHORIZATION, type SessionKind } from "./authentication-kind.ts";
import { isLoginGrant } from "./login-grants.ts";

const PUBLIC = [
  "grant",
  "authorizationServerUri",
  "tokenEndpoint",
  "authorizationEndpoint",
  "deviceAuthorizationEndpoint",
  "clientAuthentication",
  "scopes",
  "audience",
  "resource",
];

/** A token of an authorization server (RFC 6749), sent as a bearer token. */
export const oauth2: SessionKind = {
  fields: ["clientId"],
  optionalFields: [...PUBLIC, "clientSecret", "refreshToken"],
  publicFields: ["clientId", ...PUBLIC],
  place({ fields }) {
    if (fields.has("authorizationServerUri") || fields.has("tokenEndpoint")) return AUTHORIZATION;
    return 'its "authorizationServerUri" or "tokenEndpoint" is missing';
  },
  unusable({ fields }) {
    return fields.has("clientId") ? undefined : 'without "clientId" is for servers, and not usable on consumes';
  },
  needsLogin: ({ fields }) => isLoginGrant(fields.get("grant")?.text),
  describe({ fields }) {
    const server = fields.get("authorizationServerUri") ?? fields.get("tokenEndpoint");
    return [fields.get("grant")?.text, server && `at ${server.text}`].filter(Boolean).join(" ");
  },
  async open(values, context) {
    const { oauth2Session } = await import("./oauth2-session.ts");
    return oauth2Session(values, context);
  },
};
