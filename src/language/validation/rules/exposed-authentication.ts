import type { ExposesAuthentication } from "../../document/document-types.ts";
import type { ExposedRule } from "../exposed-rule.ts";

/** Members that each kind of authentication of callers cannot do without. */
const NEEDED: Readonly<Partial<Record<ExposesAuthentication["type"], readonly (keyof ExposesAuthentication)[]>>> = {
  basic: ["username", "password"],
  bearer: ["token"],
  apikey: ["key", "value"],
  digest: ["username", "password"],
  oauth2: ["authorizationServerUri", "resource"],
};

/**
 * Finds servers that do not say what callers have to present. They do not start; what they expose can be called without
 * them.
 */
export const exposedAuthentication: ExposedRule = {
  name: "exposed-authentication",
  kinds: ["error", "warning"],
  explanation: "A server does not say what callers have to present, or says something that cannot be checked.",
  fix: "Give the authentication the members that the message names.",
  check({ adapters }, report) {
    for (const { declaration, pointer } of adapters) {
      const { authentication } = declaration;
      if (authentication === undefined || authentication === null) continue;
      for (const name of NEEDED[authentication.type] ?? []) {
        const value = authentication[name];
        if (typeof value === "string" && value.trim() !== "") continue;
        const state = value === undefined ? "is missing" : "is empty";
        const message = `Authentication "${authentication.type}" of callers: its "${name}" ${state}: the server will not start`;
        report("warning", `${pointer}/authentication`, message);
      }
    }
  },
};
