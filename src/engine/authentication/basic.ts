import { AUTHORIZATION, type StaticKind } from "./authentication-kind.ts";

/** Basic credentials, in UTF-8 (RFC 7617). */
export const basic: StaticKind = {
  fields: ["username", "password"],
  allowsEmpty: true,
  publicFields: ["username"],
  place: () => AUTHORIZATION,
  credential: ({ username = "", password = "" }) =>
    `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`,
  derived: credential => credential.slice("Basic ".length),
};
