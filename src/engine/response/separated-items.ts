import type { ItemLimit, StreamedText, StreamFormat } from "./stream-format.ts";

/** Returns the format of JSON texts with a separator that does not occur in them. */
export function separatedItems(separator: string): StreamFormat {
  return {
    isJson: true,
    split: (texts, limit) => split(texts, separator, limit),
  };
}

async function* split(
  texts: AsyncIterable<string>,
  separator: string,
  limit: ItemLimit,
): AsyncGenerator<readonly StreamedText[]> {
  let open = "";
  for await (const text of texts) {
    const items: StreamedText[] = [];
    let start = 0;
    for (let end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
      open += text.slice(start, end);
      start = end + 1;
      if (open.length > limit.length) break;
      if (open.trim() !== "") items.push({ text: open });
      open = "";
    }
    if (items.length > 0) yield items;
    open += text.slice(start);
    if (open.length > limit.length) throw limit.error();
  }
  if (open.trim() !== "") yield [{ text: open }];
}
