import { isJsonObject, isObject, type JsonObject } from "../../base/json-object.ts";
import type { Inputs } from "../../engine/request/check-inputs.ts";

/** Members of each line of `--failed`. */
const MEMBERS = ["row", "key", "status", "attempts", "inputs"];

/** Keys that can be a header field, as this program makes them. */
const SENDABLE = /^[\x21-\x7e]{1,255}$/;

/** Failed row of an earlier run. */
interface FedBackRow {
  readonly inputs: Inputs;
  readonly key: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** Tells whether a record is a line that `--failed` was written with. */
export function isFedBack(record: JsonObject): boolean {
  return MEMBERS.every(name => Object.hasOwn(record, name));
}

/** Returns the row of such a line, or its problem as the end of a sentence. */
export function readFedBack(record: JsonObject): FedBackRow | string {
  if (!isFedBack(record)) return "is not a line of failed rows, as the first one is";
  const { inputs, key, idempotencyKey, error } = record;
  if (!isJsonObject(inputs)) {
    const reason = isObject(error) && typeof error["message"] === "string" ? `: ${error["message"]}` : "";
    return `has no inputs, since it could not be read before either${reason}`;
  }
  return {
    inputs,
    key: typeof key === "string" && key !== "" ? key : undefined,
    idempotencyKey: typeof idempotencyKey === "string" && SENDABLE.test(idempotencyKey) ? idempotencyKey : undefined,
  };
}
