/** Rows of a page. Rows are numbered densely, or evenly where a batch has a share of them. */
const PAGE = 65_536;

/** A set of row numbers, of one bit for each. */
export class RowSet {
  readonly #pages = new Map<number, Uint8Array>();

  has(row: number): boolean {
    const page = this.#pages.get(Math.floor(row / PAGE));
    if (page === undefined) return false;
    const place = row % PAGE;
    return ((page[place >> 3] ?? 0) & (1 << (place & 7))) !== 0;
  }

  add(row: number): void {
    const number = Math.floor(row / PAGE);
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = new Uint8Array(PAGE / 8);
      this.#pages.set(number, page);
    }
    const place = row % PAGE;
    page[place >> 3] = (page[place >> 3] ?? 0) | (1 << (place & 7));
  }
}
