/**
 * Settings for an operation that returns a list in pages: the place of the items, and exactly one way to the next page.
 * Paths are JSONPaths of the decoded body.
 */
export type Pagination = ItemsSettings & SchemeSettings;

interface ItemsSettings {
  /** Path of the items. Absent: the only list that looks like items. */
  readonly items?: string;
}

/** Way to the next page, named by its member. */
export type SchemeSettings =
  /** Relation of the next page in the `Link` header (RFC 8288), mostly `next`. */
  | { readonly link: string }
  /** Path of the next page's URL. */
  | { readonly nextUrl: string }
  | { readonly cursor: CursorSettings }
  | { readonly offset: OffsetSettings }
  | { readonly page: PageSettings };

/** Settings for answers that hold the cursor of the next page. */
interface CursorSettings {
  /** Input that takes the cursor; `body.x` is a member of the input `body`. */
  readonly input: string;
  /** Path of the next cursor. If it is missing, `null`, `false` or empty, the list ends. */
  readonly from: string;
  /** Path of a value that is `false` on the last page. */
  readonly more?: string;
}

/** Settings for pages that are asked for by the number of items before them. */
interface OffsetSettings {
  readonly input: string;
  /**
   * The offset of the first item.
   *
   * @default 0
   */
  readonly first?: number;
  /** Path of the number of items on all pages. Without it, an empty page ends the list. */
  readonly total?: string;
  readonly more?: string;
}

/** Settings for numbered pages. */
interface PageSettings {
  readonly input: string;
  /**
   * The number of the first page.
   *
   * @default 1
   */
  readonly first?: number;
  /** Path of the number of pages. */
  readonly pages?: string;
  /** Path of the number of items on all pages. Without `pages` and `total`, an empty page ends the list. */
  readonly total?: string;
  readonly more?: string;
}

/** The kinds of pagination, by the member that tells them. */
export type SchemeName = KeyOf<SchemeSettings>;
type KeyOf<Settings> = Settings extends unknown ? keyof Settings : never;

const SCHEMES: Readonly<Record<SchemeName, true>> = {
  cursor: true,
  link: true,
  nextUrl: true,
  offset: true,
  page: true,
};

export const schemeNames: readonly SchemeName[] = Object.keys(SCHEMES) as SchemeName[];
