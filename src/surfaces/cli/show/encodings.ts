import { formEncode } from "../../../engine/request/bodies/form.ts";
import { escapeXml } from "../../../engine/request/bodies/xml.ts";
import { encodeCookieValue } from "../../../engine/request/locations/cookie.ts";
import { percentEncode } from "../../../engine/request/scalar-text.ts";

/** An encoding of a value: in a URL, a form, a JSON string, XML, a cookie. */
export type Encoding = "percent" | "form" | "json" | "xml" | "cookie";

/** The encoders of the engine. Every form has the same in its own language. */
const encode: Readonly<Record<Encoding, (text: string) => string>> = {
  percent: text => percentEncode(text),
  form: formEncode,
  json: text => JSON.stringify(text).slice(1, -1),
  xml: escapeXml,
  cookie: text => encodeCookieValue(text),
};

/** Characters that every encoding, and every two of them, write differently. */
export const PROBE = ' "&+/';

/** Returns the encodings by their result for {@link PROBE}. */
export function encodingsOfProbe(): ReadonlyMap<string, readonly Encoding[]> {
  const names = Object.keys(encode) as Encoding[];
  const chains: Encoding[][] = [[], ...names.map(name => [name])];
  for (const first of names) for (const second of names) chains.push([first, second]);
  const found = new Map<string, Encoding[]>();
  for (const chain of chains) {
    const encoded = chain.reduce((text, name) => encode[name](text), PROBE);
    if (!found.has(encoded)) found.set(encoded, chain);
  }
  return found;
}
