import { CapabilityError } from "../../base/capability-error.ts";

/** Characters that a printed result may have, about. */
const MAX_CHARACTERS = 128 * 1024 * 1024;

/**
 * Refuses to print what would not end. Outputs may hold the same part of a small answer many times: a path finds it at each
 * level, or a thousand outputs name it.
 *
 * @throws CapabilityError `RESPONSE_TOO_LARGE`
 */
export function requirePrintable(value: unknown): void {
  let left = MAX_CHARACTERS;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    left -= typeof next === "string" ? next.length + 2 : 2;
    if (left < 0) throw tooLarge();
    if (typeof next !== "object" || next === null) continue;
    if (Array.isArray(next)) {
      for (const item of next) open.push(item);
      continue;
    }
    for (const name in next) {
      left -= name.length + 4;
      open.push((next as Record<string, unknown>)[name]);
    }
  }
}

function tooLarge(): CapabilityError {
  return new CapabilityError("RESPONSE_TOO_LARGE", {
    message: `Cannot print the result: it has more than ${MAX_CHARACTERS / 1024 / 1024} million characters; select less of it with --select, or write the answer to a file with --out`,
    details: { maxCharacters: MAX_CHARACTERS },
  });
}
