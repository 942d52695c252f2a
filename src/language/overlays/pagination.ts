/**
 * How an operation hands out a list in pages: where the items are, and exactly one way to the next page. Paths are
 * JSONPaths of the decoded body.
 */
export type Pagination = ItemsSettings & SchemeSettings;

interface ItemsSettings {
  /** Path of the items. Left out, the only list that looks like them is taken. */
  readonly items?: string;
}

/** One way to the next page; its member says which. */
export type SchemeSettings =
  /** The relation that the `Link` header gives the next page (RFC 8288), mostly `next`. */
  | { readonly link: string }
  /** Path of the next page's URL. */
  | { readonly nextUrl: string }
  | { readonly cursor: CursorSettings }
  | { readonly offset: OffsetSettings }
  | { readonly page: PageSettings };

/** The answer says what to send for the next page. */
interface CursorSettings {
  /** The input that takes the cursor; `body.x` is a member of the input `body`. */
  readonly input: string;
  /** Path of the next cursor. Nothing, `null`, `false` and an empty text there end the list. */
  readonly from: string;
  /** Path of what is `false` on the last page. */
  readonly more?: string;
}

/** The next page begins behind the items so far. */
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

/** Pages have numbers. */
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
  /** Path of the number of items on all pages. Without any of both, an empty page ends the list. */
  readonly total?: string;
  readonly more?: string;
}

/** The kinds of pagination, by the member that tells them. */
export type SchemeName = "cursor" | "link" | "nextUrl" | "offset" | "page";

export const schemeNames: readonly SchemeName[] = ["cursor", "link", "nextUrl", "offset", "page"];
