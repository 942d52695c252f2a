import type { Rule } from "../rule.ts";

/** Required members of each kind (language chapter 5.7). Their absence fails a call, not the file. */
const MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["basic", ["username", "password"]],
  ["bearer", ["token"]],
  ["apikey", ["key", "value"]],
  ["digest", ["username", "password"]],
]);

/** Authentication that a consumed adapter cannot use. */
export const authenticationUsable: Rule = {
  name: "authentication-usable",
  adapter({ authentication }, adapterPointer, report) {
    if (authentication === undefined || authentication === null) return;
    const pointer = `${adapterPointer}/authentication`;
    const members = MEMBERS.get(authentication.type);
    // A kind that the language does not have at all is not known to be unusable: its calls fail.
    if (members === undefined && authentication.type !== "oauth2") return;
    if (members === undefined) {
      report("error", `${pointer}/type`, `Authentication "${authentication.type}" is not usable on consumes`);
      return;
    }
    for (const member of members) {
      if (Object.hasOwn(authentication, member)) continue;
      report(
        "warning",
        pointer,
        `Authentication "${authentication.type}" has no "${member}": calls will fail`,
      );
    }
  },
};
