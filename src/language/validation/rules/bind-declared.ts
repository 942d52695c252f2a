import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import { pointerSegment } from "../../../base/json-pointer.ts";
import { consumedAdapters } from "../../document/consumed.ts";
import { declaredBinds } from "../../document/declared-binds.ts";
import type { Rule } from "../rule.ts";

/** Most references for which a near name is sought among all that are declared. */
const MOST_SUGGESTIONS = 50;

const REFERENCE = /\{\{\s*([^{}.]+)\.([^{}]+?)\s*\}\}/g;

/** Finds references to variables that their bind does not declare: a call that needs one fails. */
export const bindDeclared: Rule = {
  name: "bind-declared",
  explanation: "A template refers to a variable that its bind does not declare: calls that need it fail.",
  fix: "Declare the variable in the keys of the bind, or correct its name.",
  document(document, report) {
    const names = new Map<string, Set<string>>([["env", new Set()]]);
    for (const { namespace, name } of declaredBinds(document)) {
      const declared = names.get(namespace) ?? new Set();
      names.set(namespace, declared.add(name));
    }
    let suggestions = 0;
    for (const { adapter, pointer } of consumedAdapters(document)) {
      visit(adapter, [], (text, path) => {
        for (const [, namespace = "", name = ""] of text.matchAll(REFERENCE)) {
          const declared = names.get(namespace);
          if (declared === undefined || declared.has(name)) continue;
          const hint = ++suggestions > MOST_SUGGESTIONS ? "" : didYouMean(suggest(name, declared));
          const place = [pointer, ...path.map(pointerSegment)].join("/");
          report("warning", place, `No bind "${namespace}" declares ${name}${hint}; calls that need it will fail`);
        }
      });
    }
  },
};

/** Calls `found` with every string that holds a template, and the names that lead to it. */
function visit(value: object, path: string[], found: (text: string, path: readonly string[]) => void): void {
  for (const key in value) {
    const member: unknown = (value as Record<string, unknown>)[key];
    if (typeof member === "string") {
      if (member.includes("{{")) found(member, [...path, key]);
    } else if (typeof member === "object" && member !== null) {
      path.push(key);
      visit(member, path, found);
      path.pop();
    }
  }
}
