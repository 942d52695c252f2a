import { isUtf8 } from "node:buffer";
import { isTextFile } from "../../base/file-type.ts";
import type { ResourceContents } from "./offer.ts";

/** Returns the contents of a file: a text if its name or type says so and it is one, else its bytes. */
export function fileContents(uri: string, path: string, bytes: Buffer, mimeType: string): ResourceContents {
  const isText = (isTextFile(path) || mimeType.startsWith("text/")) && isUtf8(bytes);
  return { uri, mimeType, ...(isText ? { text: bytes.toString("utf8") } : { blob: bytes.toString("base64") }) };
}
