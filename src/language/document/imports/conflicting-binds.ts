import path from "node:path";
import { isJsonObject, member } from "../../../base/json-object.ts";
import type { Origins } from "../origins.ts";

/** Variable that imported files bind to different values. */
interface BindConflict {
  /** `namespace.NAME`. */
  readonly variable: string;
  readonly files: readonly string[];
}

/**
 * Finds the variables that imported binds declare differently. Equal declarations count as one, and a declaration of
 * the importing document settles which is meant (language chapters 10.1 and 10.3).
 *
 * @param own the binds of the importing document
 * @param brought the binds of the imported documents
 */
export function conflictingBinds(
  own: readonly unknown[],
  brought: readonly unknown[],
  origins: Origins,
): BindConflict[] {
  const settled = new Set(own.flatMap(bind => declarations(bind, "").map(({ variable }) => variable)));
  const found = new Map<string, { readonly meaning: string; readonly file: string }>();
  const conflicts: BindConflict[] = [];
  for (const bind of brought) {
    const file = origins.placeOf(bind)?.document.file ?? "";
    for (const { variable, meaning } of declarations(bind, file)) {
      if (settled.has(variable)) continue;
      const other = found.get(variable);
      if (other === undefined) found.set(variable, { meaning, file });
      else if (other.meaning !== meaning) {
        conflicts.push({ variable, files: [other.file, file] });
        settled.add(variable);
      }
    }
  }
  return conflicts;
}

function declarations(bind: unknown, file: string): { readonly variable: string; readonly meaning: string }[] {
  if (!isJsonObject(bind)) return [];
  const keys = member(bind, "keys");
  const [namespace, location] = ["namespace", "location"].map(name => {
    const text = member(bind, name);
    return typeof text === "string" ? text : "";
  });
  // A relative location means another file in another folder.
  const folder = /^file:\/{2,3}\./i.test(location ?? "") ? path.dirname(file) : "";
  return Object.entries(isJsonObject(keys) ? keys : {}).map(([name, key]) => ({
    variable: `${namespace}.${name}`,
    meaning: JSON.stringify([folder, location, key]),
  }));
}
