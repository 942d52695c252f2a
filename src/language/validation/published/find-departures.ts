import { isJsonObject } from "../../../base/json-object.ts";
import type { Departure } from "./departure.ts";
import { describeDeparture } from "./describe-departure.ts";

/**
 * Finds the places where a document, as written, departs from the published specification of its generation. A document
 * of neither generation has none: that is an error of its own.
 *
 * @param value not deeper than validation allows
 */
export async function findDepartures(value: unknown): Promise<Departure[]> {
  const schema = await publishedSchema(value);
  if (schema === undefined || schema.validate(value)) return [];
  const found = new Map<string, Departure>();
  for (const error of schema.validate.errors ?? []) {
    const departure = describeDeparture(error, value, schema.definitions);
    if (departure !== undefined) found.set(`${departure.pointer} ${departure.message}`, departure);
  }
  return [...found.values()];
}

async function publishedSchema(value: unknown) {
  if (!isJsonObject(value)) return undefined;
  if (Object.hasOwn(value, "naftiko")) return await import("../generated/published-naftiko.js");
  if (Object.hasOwn(value, "ikanos")) return await import("../generated/published-ikanos.js");
  return undefined;
}
