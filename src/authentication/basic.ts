import type { AuthenticationKind } from "./authentication-kind.ts";

/** Basic credentials, in UTF-8 (RFC 7617). */
export const basic: AuthenticationKind = {
  fields: ["username", "password"],
  place: () => ({ in: "header", name: "authorization" }),
  credential: ({ username = "", password = "" }) =>
    `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`,
};
