import type { RecordedDifference } from "../../base/capability-error.ts";

const LONGEST = 200;

/** Writes a difference of two requests: the recorded part after `-`, the requested one after `+`. */
export function formatDifference({ part, recorded, asked }: RecordedDifference): string[] {
  return [...signed("-", part, recorded), ...signed("+", part, asked)];
}

function signed(sign: string, part: string, text: string | undefined): string[] {
  if (text === undefined) return [];
  return [`${sign} ${part}: ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}`];
}
