import { AUTHORIZATION, type SessionKind } from "./authentication-kind.ts";

/** The answer to a server's challenge (RFC 7616). */
export const digest: SessionKind = {
  fields: ["username", "password"],
  allowsEmpty: true,
  publicFields: ["username"],
  place: () => AUTHORIZATION,
  async open(values) {
    const { digestSession } = await import("./digest-session.ts");
    return digestSession(values);
  },
};
