import { jsonText } from "./json.ts";

/** Encodes a text as a name or value of a form (WHATWG URL, application/x-www-form-urlencoded). */
export function formEncode(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

/** Writes an object as form pairs: arrays repeat the name, objects are JSON, absent members are left out. */
export function formText(value: object): string {
  const pairs = new URLSearchParams();
  for (const [name, member] of Object.entries(value) as [string, unknown][]) {
    for (const item of Array.isArray(member) ? (member as unknown[]) : [member]) {
      if (item === undefined || item === null) continue;
      pairs.append(name, typeof item === "object" ? (jsonText(item) ?? "") : String(item));
    }
  }
  return pairs.toString();
}
