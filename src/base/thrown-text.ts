import { visibleText } from "./visible-text.ts";

const LONGEST_TEXT = 400;

/**
 * Describes a thrown value in one line: the message of an error, or the value as text. It never throws, though the
 * value may be an object whose members do.
 */
export function thrownText(thrown: unknown): string {
  const [line = ""] = rawText(thrown).split("\n", 1);
  return visibleText(line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line);
}

function rawText(thrown: unknown): string {
  try {
    const message =
      typeof thrown === "object" && thrown !== null ? (thrown as { message?: unknown }).message : undefined;
    return typeof message === "string" && message !== "" ? message : String(thrown);
  } catch {
    return "an object that cannot be read";
  }
}
