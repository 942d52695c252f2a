/** Writes a number for people: `50,000`. */
export function numberText(number: number): string {
  return number.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/** Writes a number of rows for people. */
export function rowsText(count: number): string {
  return `${numberText(count)} ${count === 1 ? "row" : "rows"}`;
}

/** Writes a time for people, in its two largest units: `2 h 5 min`, `40 s`. */
export function timeText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 1) return `${Math.round(ms)} ms`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
