import { usageError } from "./usage-error.ts";

/** @throws CapabilityError `USAGE` */
export function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw usageError(`Option --port is a number from 0 to 65535, found ${JSON.stringify(text)}`);
}
