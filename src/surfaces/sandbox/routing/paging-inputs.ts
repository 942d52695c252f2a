/** Query inputs for the size of a page. */
export const SIZE_INPUTS: readonly string[] = ["limit", "per_page", "page_size", "pageSize"];

/** Inputs that select a part of a list. They never filter. */
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
