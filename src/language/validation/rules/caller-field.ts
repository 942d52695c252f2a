import { isJsonObject } from "../../../base/json-object.ts";
import { pointerSegment } from "../../../base/json-pointer.ts";
import { CALLER_LOCATION, callerFieldProblem, isOfCaller } from "../../document/caller-field.ts";
import type { Bind, CapabilityDocument } from "../../document/document-types.ts";
import type { ReportFinding, Rule } from "../rule.ts";

/** Finds variables of callers that no request may give (language chapter 3; an extension). */
export const callerField: Rule = {
  name: "caller-field",
  kinds: ["error"],
  explanation:
    "A variable of request: names a header that is never passed on, such as the credential of the server itself, or its location says more than that.",
  fix: "Name a header of its own, such as x-crm-key, and write the location as request:.",
  document(document, report) {
    const keys = keysOfServers(document);
    for (const [index, bind] of (document.binds ?? []).entries()) check(bind, `/binds/${index}`, keys, report);
    for (const [index, bind] of (document.capability?.binds ?? []).entries())
      check(bind, `/capability/binds/${index}`, keys, report);
  },
};

function check(bind: Bind, pointer: string, keysOfServers: ReadonlySet<string>, report: ReportFinding): void {
  if (!isOfCaller(bind)) return;
  if (bind.location?.toLowerCase() !== CALLER_LOCATION)
    report("error", `${pointer}/location`, `The location "${bind.location}" says more than "${CALLER_LOCATION}"`);
  for (const [name, key] of Object.entries(bind.keys)) {
    const header = String(key);
    const problem = keysOfServers.has(header.toLowerCase())
      ? "is the key that callers present to the server, and is never passed on"
      : callerFieldProblem(header);
    if (problem === undefined) continue;
    report("error", `${pointer}/keys/${pointerSegment(name)}`, `Variable ${name}: header "${header}" ${problem}`);
  }
}

/**
 * Returns the headers in which callers present a key to a server of the file, in lower case. The schema may not have looked
 * at the servers yet.
 */
function keysOfServers({ capability, exposes }: CapabilityDocument): ReadonlySet<string> {
  const servers: readonly unknown[] = [capability?.exposes, exposes].flatMap((list: unknown) =>
    Array.isArray(list) ? list : [],
  );
  const keys = servers.flatMap(server => {
    const authentication = isJsonObject(server) ? server["authentication"] : undefined;
    const key = isJsonObject(authentication) ? authentication["key"] : undefined;
    return typeof key === "string" ? [key.toLowerCase()] : [];
  });
  return new Set(keys);
}
