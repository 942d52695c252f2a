/** Pair of a name and a text that stands in the text of a body, or in the query of a path. */
interface TextPair {
  readonly name: string;
  readonly value: string;
}

const NAME = String.raw`[^"\\=&<>\s]{1,100}`;

/** Members of JSON, elements of XML, and fields of a form. */
const PAIRS = [
  new RegExp(String.raw`"(${NAME})"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.)+)"`, "g"),
  new RegExp(String.raw`<(${NAME})>([^<>]+)<\/`, "g"),
];
const FIELD = new RegExp(`^(${NAME})=(\\S+)$`);

/** Lists pairs of JSON, XML or a form in the text of a body, which need not be complete: it may be a template. */
export function* textPairs(text: string): Generator<TextPair> {
  for (const pattern of PAIRS) {
    for (const [, name = "", value = ""] of text.matchAll(pattern)) yield { name, value };
  }
  for (const field of text.split("&")) {
    const [, name, value] = FIELD.exec(field) ?? [];
    if (name !== undefined && value !== undefined) yield { name, value };
  }
}

/** Lists the pairs of the query of a path. A value may hold equals signs, as Base64 does. */
export function queryPairs(path: string): TextPair[] {
  const [, query] = splitAtFirst(path, "?");
  return query.split("&").map(pair => {
    const [name, value] = splitAtFirst(pair, "=");
    return { name, value };
  });
}

function splitAtFirst(text: string, sign: string): [before: string, after: string] {
  const place = text.indexOf(sign);
  return place < 0 ? [text, ""] : [text.slice(0, place), text.slice(place + 1)];
}
