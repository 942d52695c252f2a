/** Family of revisions: those that open with `initialize`, and those whose requests stand by themselves. */
export type Era = "legacy" | "modern";

/**
 * Returns what a client is given as structured content: the JSON text of any value, and of an object alone before
 * 2026-07-28.
 */
export function structuredFor(era: Era, structured: string | undefined): string | undefined {
  return era === "modern" || structured?.startsWith("{") ? structured : undefined;
}
