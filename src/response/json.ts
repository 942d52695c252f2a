import { parseJson } from "../expression/parse-json.ts";
import type { RawFormat } from "./raw-format.ts";
import { utf8Text } from "./text.ts";

/** JSON (RFC 8259); an empty body is `null` (language chapter 5.8). */
export const json: RawFormat = {
  decode(body) {
    const text = utf8Text(body);
    if (text.length < 8 && text.trim() === "") return null;
    try {
      return JSON.parse(text);
    } catch {
      const result = parseJson(text);
      throw new Error(result.ok ? "it is not JSON" : `it is not JSON: ${result.reason}`);
    }
  },
};
