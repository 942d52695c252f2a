import { isObject } from "../../../base/json-object.ts";
import { isBinary, isContent } from "../binary-value.ts";
import { scalarText } from "../scalar-text.ts";
import { jsonText } from "./json.ts";
import type { FormPart } from "./multipart.ts";

/**
 * Returns the parts for the members of an object: an array repeats its name, an object is a part of JSON, bytes are a
 * file under their own name or the member's; absent members are left out.
 */
export function memberParts(value: object): FormPart[] {
  const parts: FormPart[] = [];
  for (const [name, member] of Object.entries(value) as [string, unknown][]) {
    for (const item of Array.isArray(member) ? (member as unknown[]) : [member]) {
      if (item !== undefined && item !== null) parts.push(memberPart(name, item));
    }
  }
  return parts;
}

function memberPart(name: string, value: unknown): FormPart {
  if (isBinary(value)) return { name, value, filename: (isContent(value) && value.name) || name };
  if (!isObject(value)) return { name, value: scalarText(value, problem => new Error(`${name} ${problem}`)) };
  return { name, value: jsonText(value) ?? "", contentType: "application/json" };
}

/** Returns the parts of a declared form, as `render` has filled them in (language chapter 5.6). */
export function declaredParts(parts: readonly unknown[]): FormPart[] {
  return (parts as readonly Partial<Record<keyof FormPart, unknown>>[]).flatMap(
    ({ name, value, filename, contentType }) => {
      // The value is one placeholder without a value.
      if (value === undefined || value === null) return [];
      return [
        {
          name: partText(name) ?? "",
          value: isBinary(value) ? value : (partText(value) ?? ""),
          filename: partText(filename),
          contentType: partText(contentType),
        },
      ];
    },
  );
}

function partText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return isObject(value) ? jsonText(value) : scalarText(value, problem => new Error(`a part ${problem}`));
}
