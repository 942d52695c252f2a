import type { ItemLimit, StreamedText, StreamFormat } from "./stream-format.ts";

/** JSON texts with a character between them that stands in none of them. */
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
): AsyncGenerator<StreamedText> {
  let open = "";
  for await (const text of texts) {
    let start = 0;
    for (let end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
      const item = open + text.slice(start, end);
      open = "";
      start = end + 1;
      if (item.length > limit.length) throw limit.error();
      if (item.trim() !== "") yield { text: item };
    }
    open += text.slice(start);
    if (open.length > limit.length) throw limit.error();
  }
  if (open.trim() !== "") yield { text: open };
}
