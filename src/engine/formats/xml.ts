import type { RawFormat } from "./raw-format.ts";

/**
 * XML 1.0, read by `saxes` (language chapter 5.8). The root element is dropped, child elements and attributes are members
 * by local name, repeated ones are arrays, leaves are texts. A document type declaration is skipped: its entities are
 * unknown, and only the document itself is read.
 */
export const xml: RawFormat = {
  accept: "application/xml, text/xml",
  threadBytes: 256 * 1024,
  async prepare() {
    const { decodeXml } = await import("./xml-reader.ts");
    return decodeXml;
  },
};
