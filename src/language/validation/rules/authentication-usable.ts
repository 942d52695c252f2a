import { member } from "../../../base/json-object.ts";
import { ALLOW_PLAIN_HTTP, isExposed } from "../../../base/plain-http.ts";
import type { AuthenticationTraits, DeclaredAuthentication } from "../../document/kinds.ts";
import { baseUriProblem } from "../../expression/base-uri.ts";
import type { Rule } from "../rule.ts";

/**
 * Finds authentication that a consumed adapter cannot use. A missing member fails a call, not the file (language
 * chapter 5.7).
 */
export const authenticationUsable: Rule = {
  name: "authentication-usable",
  kinds: ["error", "warning"],
  explanation: "The authentication lacks a member that it needs, or is of a kind that calls cannot use.",
  fix: "Add the member, or choose a kind of authentication that the API takes.",
  adapter({ authentication, baseUri }, adapterPointer, report, kinds) {
    if (authentication === undefined || authentication === null) return;
    const pointer = `${adapterPointer}/authentication`;
    const { type } = authentication;
    const kind = member(kinds.authentications, type);
    // A kind that is not known is not known to be unusable either: its calls fail.
    if (kind === undefined) return;
    const declared = { ...authentication, fields: new Set(Object.keys(authentication)) };
    const unusable = kind.unusable?.(declared);
    if (unusable !== undefined) {
      report("error", `${pointer}/type`, `Authentication "${type}" ${unusable}`);
      return;
    }
    for (const problem of problems(declared, kind)) {
      report("warning", pointer, `Authentication "${type}": ${problem}: calls will fail`);
    }
    if (isExposedBase(baseUri ?? "")) {
      const message = `Authentication "${type}" would go over plain http: calls will fail`;
      report("warning", pointer, message, ALLOW_PLAIN_HTTP);
    }
  },
};

function* problems(declared: DeclaredAuthentication, kind: AuthenticationTraits): Generator<string> {
  const place = kind.place(declared);
  if (typeof place === "string") yield place;
  const missing = kind.fields.filter(name => !declared.fields.has(name));
  if (kind.allowsEmpty && missing.length < kind.fields.length) return;
  for (const name of missing) yield `its "${name}" is missing`;
}

function isExposedBase(baseUri: string): boolean {
  return !baseUri.includes("{") && baseUriProblem(baseUri) === undefined && isExposed(new URL(baseUri).href);
}
