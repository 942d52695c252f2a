import { isJsonObject, member } from "../../base/json-object.ts";
import type { CapabilityDocument } from "./document-types.ts";

/**
 * Returns the names that exposed units and aggregates give to consumed operations: of inputs, of steps, and those that
 * `with` sets (language chapters 4.2 and 8.1).
 */
export function unitNames(document: CapabilityDocument): ReadonlySet<string> {
  const names = new Set<string>();
  const root: object = document;
  for (const owner of [root, document.capability]) {
    for (const key of ["exposes", "aggregates"]) collect(isJsonObject(owner) ? member(owner, key) : undefined, names);
  }
  return names;
}

function collect(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, names);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [key, entry] of Object.entries(value)) {
    if (key === "with" && isJsonObject(entry)) for (const name of Object.keys(entry)) names.add(name);
    if (NAMED.has(key)) for (const name of namesIn(entry)) names.add(name);
    collect(entry, names);
  }
}

/** Members that list or map named parts. */
const NAMED: ReadonlySet<string> = new Set(["inputParameters", "steps"]);

function namesIn(entries: unknown): string[] {
  if (Array.isArray(entries)) {
    return entries.flatMap(entry => {
      const name: unknown = isJsonObject(entry) ? member(entry, "name") : undefined;
      return typeof name === "string" ? [name] : [];
    });
  }
  return isJsonObject(entries) ? Object.keys(entries) : [];
}
