import type { SchemeName } from "../../language/overlays/pagination.ts";
import type { Scheme } from "./scheme.ts";
import { cursor } from "./schemes/cursor.ts";
import { link } from "./schemes/link.ts";
import { nextUrl } from "./schemes/next-url.ts";
import { offset } from "./schemes/offset.ts";
import { page } from "./schemes/page.ts";

/** Every kind of pagination, by the member of a description that tells it. */
export const schemes: Readonly<Record<SchemeName, Scheme>> = { cursor, link, nextUrl, offset, page };

/**
 * In which order they are looked for: what the API says itself goes before counting, and what an input takes before
 * what has to be followed.
 */
export const ranks: readonly (readonly SchemeName[])[] = [
  ["cursor"],
  ["link"],
  ["nextUrl"],
  ["offset", "page"],
];
