import type { RawFormat } from "./raw-format.ts";

/**
 * The tables of an HTML page as `{ tables: [[{header: text}]] }` (language chapter 5.8), read by `parse5` as in browsers.
 * `outputSchema` is a CSS selector of tables, or of elements around them.
 */
export const html: RawFormat = {
  accept: "text/html",
  threadBytes: 64 * 1024,
  schema: "selector",
  async prepare({ outputSchema }) {
    const { htmlReader } = await import("./html-reader.ts");
    return htmlReader(outputSchema);
  },
};
