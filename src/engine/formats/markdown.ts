import type { RawFormat } from "./raw-format.ts";

/**
 * Front matter, tables and sections of a Markdown text (language chapter 5.8), read by `markdown-it`. `outputSchema` is
 * the beginning of the wanted sections' headings. With hashes before it, only headings of that level count.
 */
export const markdown: RawFormat = {
  accept: "text/markdown, text/plain",
  threadBytes: 16 * 1024,
  schema: "heading",
  async prepare({ outputSchema }) {
    const { markdownReader } = await import("./markdown-reader.ts");
    return markdownReader(outputSchema);
  },
};
