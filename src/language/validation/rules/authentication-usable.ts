import { isExposed, PLAIN_HTTP_ADVICE } from "../../../base/plain-http.ts";
import { authentications } from "../../../engine/authentication/authentications.ts";
import type { Authentication } from "../../document/document-types.ts";
import { baseUriProblem } from "../../expression/base-uri.ts";
import type { Rule } from "../rule.ts";

/** Authentication that a consumed adapter cannot use. What is missing fails a call, not the file (language chapter 5.7). */
export const authenticationUsable: Rule = {
  name: "authentication-usable",
  adapter({ authentication, baseUri }, adapterPointer, report) {
    if (authentication === undefined || authentication === null) return;
    const pointer = `${adapterPointer}/authentication`;
    const { type } = authentication;
    const kind = authentications.get(type);
    // A kind that is not known is not known to be unusable either: its calls fail.
    if (kind === undefined) return;
    if (type === "oauth2" && !Object.hasOwn(authentication, "clientId")) {
      const message = `Authentication "oauth2" without "clientId" is for servers, and not usable on consumes`;
      report("error", `${pointer}/type`, message);
      return;
    }
    for (const problem of problems(authentication, kind.fields)) {
      report("warning", pointer, `Authentication "${type}": ${problem}: calls will fail`);
    }
    if (isExposedBase(baseUri ?? "")) {
      const message = `Authentication "${type}" would go over plain http: calls will fail; ${PLAIN_HTTP_ADVICE}`;
      report("warning", pointer, message);
    }
  },
};

function* problems(authentication: Authentication, fields: readonly string[]): Generator<string> {
  const names = new Set(Object.keys(authentication));
  const place = authentications.get(authentication.type)?.place({ ...authentication, fields: names });
  if (typeof place === "string") yield place;
  for (const name of fields) if (!names.has(name)) yield `its "${name}" is missing`;
}

function isExposedBase(baseUri: string): boolean {
  return !baseUri.includes("{") && baseUriProblem(baseUri) === undefined && isExposed(new URL(baseUri).href);
}
