import type { RawFormat } from "./raw-format.ts";

/**
 * XML 1.0, read by `saxes` (language chapter 5.8): the root element is dropped, child elements and attributes are members
 * by local name, repeated ones arrays, leaves texts. A document type declaration is skipped: no entity that it declares
 * is known, and nothing outside the document is read.
 */
export const xml: RawFormat = {
  accept: "application/xml, text/xml",
  threadBytes: 256 * 1024,
  async prepare() {
    const { decodeXml } = await import("./xml-reader.ts");
    return decodeXml;
  },
};
