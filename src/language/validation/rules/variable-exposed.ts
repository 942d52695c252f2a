import { ALLOW_PLAIN_HTTP, isExposed } from "../../../base/plain-http.ts";
import { consumedAdapters } from "../../document/consumed.ts";
import { declaredBinds } from "../../document/declared-binds.ts";
import type { ConsumesHttp } from "../../document/document-types.ts";
import { baseUriProblem } from "../../expression/base-uri.ts";
import type { Rule } from "../rule.ts";

const REFERENCE = /\{\{\s*(?:\$env\.)?([^{}]+?)\s*\}\}/g;

/** Members whose text is not sent, or that another rule speaks of. */
const NOT_SENT = new Set(["authentication", "description", "label", "namespace", "outputParameters"]);

/** Members whose text is a reference also without braces (language chapter 3, rule 6). */
const BARE = new Set(["value", "template"]);

/** Finds requests that hold the value of a variable over plain `http` to another computer. Their calls are refused. */
export const variableExposed: Rule = {
  name: "variable-exposed",
  kinds: ["warning"],
  explanation:
    "Requests with the value of a variable go to another computer over plain http, where others can read it: calls are refused.",
  fix: "Write an https base URI; where that cannot be, allow it with each call.",
  document(document, report) {
    const exposed = [...consumedAdapters(document)].filter(({ adapter }) => isExposedBase(adapter));
    if (exposed.length === 0) return;
    const names = new Set<string>();
    for (const { namespace, name } of declaredBinds(document)) names.add(name).add(`${namespace}.${name}`);
    for (const { adapter, pointer } of exposed) {
      const used = new Set(namesIn(adapter, names));
      if (used.size === 0) continue;
      const message = `The value of ${[...used].join(" and ")} would go over plain http: calls will fail`;
      report("warning", `${pointer}/baseUri`, message, ALLOW_PLAIN_HTTP);
    }
  },
};

function isExposedBase({ baseUri = "" }: ConsumesHttp): boolean {
  if (!/^\s*http:/i.test(baseUri)) return false;
  // A placeholder may stand for any part of the host, but no part of the scheme that is written.
  const text = baseUri.replace(/\{\{?[^{}]*\}?\}/g, "x");
  return baseUriProblem(text) === undefined && isExposed(new URL(text).href);
}

/** Yields the variables that texts below a value refer to, by name. */
function* namesIn(value: object, names: ReadonlySet<string>): Generator<string> {
  for (const [key, member] of Object.entries(value)) {
    if (NOT_SENT.has(key)) continue;
    if (typeof member === "string") {
      if (BARE.has(key) && names.has(member)) yield member;
      for (const [, name = ""] of member.matchAll(REFERENCE)) if (names.has(name)) yield name;
    } else if (typeof member === "object" && member !== null) yield* namesIn(member, names);
  }
}
