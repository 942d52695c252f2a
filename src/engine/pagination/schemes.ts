import type { SchemeName } from "../../language/overlays/pagination.ts";
import type { Scheme } from "./scheme.ts";
import { cursor } from "./schemes/cursor.ts";
import { link } from "./schemes/link.ts";
import { nextUrl } from "./schemes/next-url.ts";
import { offset } from "./schemes/offset.ts";
import { page } from "./schemes/page.ts";

/** The kinds of pagination, by their member in a description. */
export const schemes: Readonly<Record<SchemeName, Scheme>> = { cursor, link, nextUrl, offset, page };

/**
 * The order in which they are looked for: a next page that the API names comes before counting, and a value for an input
 * before a URL.
 */
export const ranks: readonly (readonly SchemeName[])[] = [
  ["cursor"],
  ["link"],
  ["nextUrl"],
  ["offset", "page"],
];
