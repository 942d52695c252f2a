import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import { schemaKeywords } from "./schema-keywords.ts";

/**
 * Brings a schema of 2020-12 to the form of OpenAPI 3.0, whose dialect is older. The schemas in it have that form
 * already.
 *
 * @param report is told what has no such form
 */
export function schemaOf30(schema: JsonObject, report: (message: string) => void): JsonObject {
  const { $ref, ...others } = schema;
  if ($ref !== undefined) {
    // Nothing beside a reference counts there.
    if (Object.keys(others).length === 0) return { $ref };
    const { allOf = [], ...rest } = schemaOf30(others, report);
    return { allOf: [{ $ref }, ...(allOf as readonly unknown[])], ...rest };
  }
  const written: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(schema)) {
    const change = member(changed, name);
    if (change !== undefined) change(written, value, schema);
    else if (name.startsWith("x-") || member(schemaKeywords, name)?.in30) written[name] = value;
    else report(`the keyword ${JSON.stringify(name)} of a schema is none of OpenAPI 3.0`);
  }
  if (Array.isArray(written["required"]) && written["required"].length === 0) delete written["required"];
  return written;
}

type Written = Record<string, unknown>;

/** Keywords that OpenAPI 3.0 writes in another way. */
const changed: Readonly<Record<string, (written: Written, value: unknown, schema: JsonObject) => void>> = {
  type(written, value) {
    const names = [value].flat();
    const types = names.filter(name => name !== "null").map(String);
    const [only, ...others] = types;
    const nullable = types.length === names.length ? {} : { nullable: true };
    if (only === undefined) addAll(written, NULL);
    else if (others.length === 0) Object.assign(written, { type: only, ...nullable });
    else addAll(written, { anyOf: types.map(type => ({ ...ofType(type), ...nullable })) });
  },
  anyOf: withoutNull("anyOf"),
  oneOf: withoutNull("oneOf"),
  const(written, value) {
    written["enum"] = [value];
  },
  examples(written, value) {
    const [first] = value as readonly unknown[];
    if (first !== undefined) written["example"] ??= first;
  },
  minimum(written, value, { exclusiveMinimum: other }) {
    if (other === undefined || Number(value) > Number(other)) written["minimum"] = value;
  },
  exclusiveMinimum(written, value, { minimum: other }) {
    if (other !== undefined && Number(other) > Number(value)) return;
    written["minimum"] = value;
    written["exclusiveMinimum"] = true;
  },
  maximum(written, value, { exclusiveMaximum: other }) {
    if (other === undefined || Number(value) < Number(other)) written["maximum"] = value;
  },
  exclusiveMaximum(written, value, { maximum: other }) {
    if (other !== undefined && Number(other) < Number(value)) return;
    written["maximum"] = value;
    written["exclusiveMaximum"] = true;
  },
  contentEncoding(written, value) {
    if (value === "base64") written["format"] ??= "byte";
  },
  contentMediaType(written) {
    written["format"] ??= "binary";
  },
  $comment() {},
};

function ofType(type: string): JsonObject {
  return type === "array" ? { type, items: {} } : { type };
}

/** The schema of null, which is no type there: `nullable` says something beside a type alone (OpenAPI 3.0.3). */
const NULL = { type: "string", nullable: true, enum: [null] };

/** Returns what turns an alternative that is null, beside one other of a type, into `nullable`. */
function withoutNull(name: "anyOf" | "oneOf"): (written: Written, value: unknown) => void {
  return (written, value) => {
    written[name] = value;
    const parts = value as readonly unknown[];
    const [only, ...others] = parts.filter(part => !isDeepStrictEqual(part, NULL));
    if (others.length > 0 || parts.length !== 2 || !isJsonObject(only) || typeof only["type"] !== "string") return;
    delete written[name];
    addAll(written, { ...only, nullable: true });
  };
}

/** Adds keywords, beside those of the same name. */
function addAll(written: Written, keywords: JsonObject): void {
  const clash = Object.keys(keywords).some(name => written[name] !== undefined);
  if (clash) written["allOf"] = [...((written["allOf"] as readonly unknown[] | undefined) ?? []), keywords];
  else Object.assign(written, keywords);
}
