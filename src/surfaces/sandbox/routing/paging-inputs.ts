/** Query inputs by which APIs take the size of a page. */
export const SIZE_INPUTS: readonly string[] = ["limit", "per_page", "page_size", "pageSize"];

/** Inputs by which APIs ask for a part of a list; they never filter. */
export const PAGING_INPUTS: ReadonlySet<string> = new Set([
  ...SIZE_INPUTS,
  "offset",
  "page",
  "cursor",
  "after",
  "before",
  "starting_after",
  "ending_before",
  "continuationToken",
  "$top",
  "$skip",
]);
