/** Longer ones are no cursors: they would not fit into a request. */
const LONGEST_POSITION = 65_536;

/** Tells whether an API says by a value that there is no next page. */
export function isEmptyPosition(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === false;
}

/** Tells whether a value may be sent as a cursor. */
export function isCursor(value: unknown): value is string | number | bigint {
  if (typeof value === "string") return value !== "" && value.length <= LONGEST_POSITION;
  return typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value));
}

/** Tells whether a value is a URL, whole or relative to the one that was asked for. */
export function isUrl(value: unknown): value is string {
  return (
    typeof value === "string" && value.length <= LONGEST_POSITION && /^(?:https?:\/\/|\/|\?)/i.test(value)
  );
}
