import { isJsonObject } from "../../base/json-object.ts";
import { secretName } from "../../base/secret-name.ts";
import type { Input } from "../../language/model/types.ts";

/** Tells whether the value of an input may be a secret, by its name or its schema. */
export function isSecretInput({ name, schemas = [] }: Input): boolean {
  return (
    secretName(name) !== undefined ||
    schemas.some(schema => isJsonObject(schema) && (schema["format"] === "password" || schema["writeOnly"] === true))
  );
}
