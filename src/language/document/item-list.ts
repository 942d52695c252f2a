import type { OutputParameter } from "./document-types.ts";

/** Tells whether the items of an output are described by a list of their fields, and not by one shape. */
export function isItemList(items: NonNullable<OutputParameter["items"]>): items is readonly OutputParameter[] {
  return Array.isArray(items);
}
