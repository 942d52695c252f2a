import type { SchemeName } from "../../language/overlays/pagination.ts";
import type { Scheme } from "./scheme.ts";
import { cursor } from "./schemes/cursor.ts";
import { link } from "./schemes/link.ts";
import { nextUrl } from "./schemes/next-url.ts";
import { offset } from "./schemes/offset.ts";
import { page } from "./schemes/page.ts";

/** The kinds of pagination, by their member in a description. */
export const schemes: Readonly<Record<SchemeName, Scheme>> = { cursor, link, nextUrl, offset, page };

const all = Object.values(schemes);

/** The kinds of each rank, in the order in which they are looked for. */
export const ranks: readonly (readonly Scheme[])[] = [...new Set(all.map(({ rank }) => rank))]
  .sort()
  .map(rank => all.filter(scheme => scheme.rank === rank));
