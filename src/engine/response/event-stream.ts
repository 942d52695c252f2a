import type { ItemLimit, StreamedText, StreamFormat } from "./stream-format.ts";

/**
 * Server-sent events (WHATWG HTML, 9.2). An item is the data of an event. Each character is read once, so that comments,
 * unknown fields and empty lines cost no more than data.
 */
export const eventStream: StreamFormat = { isJson: false, split };

async function* split(texts: AsyncIterable<string>, limit: ItemLimit): AsyncGenerator<readonly StreamedText[]> {
  const event = new OpenEvent();
  let line = "";
  let endsWithReturn = false;
  for await (const text of texts) {
    if (text === "") continue;
    const events: StreamedText[] = [];
    // A line feed after a carriage return ends the same line, even if it is in the next piece.
    let start = endsWithReturn && text.startsWith("\n") ? 1 : 0;
    const lineEnd = /\r\n?|\n/g;
    lineEnd.lastIndex = start;
    for (let end = lineEnd.exec(text); end !== null; end = lineEnd.exec(text)) {
      line += text.slice(start, end.index);
      start = lineEnd.lastIndex;
      const complete = event.read(line);
      line = "";
      if (event.length > limit.length) break;
      if (complete !== undefined) events.push(complete);
    }
    if (events.length > 0) yield events;
    line += text.slice(start);
    endsWithReturn = text.endsWith("\r");
    if (event.length + line.length > limit.length) throw limit.error();
  }
  const last = event.read(line) ?? event.read("");
  if (last !== undefined) yield [last];
}

/** An incomplete event. */
class OpenEvent {
  #data: string[] = [];
  #event = "";
  #id: string | undefined;
  /** Number of characters so far. */
  length = 0;

  /** Reads a line. Returns the event that it completes, if that has data. */
  read(line: string): StreamedText | undefined {
    if (line === "") return this.#end();
    const colon = line.indexOf(":");
    const value = colon < 0 ? "" : line.slice(line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
    switch (colon < 0 ? line : line.slice(0, colon)) {
      case "data":
        this.#data.push(value);
        this.length += value.length + 1;
        break;
      case "event":
        this.#event = value;
        break;
      case "id":
        if (!value.includes("\0")) this.#id = value;
        break;
    }
    return undefined;
  }

  #end(): StreamedText | undefined {
    const data = this.#data;
    const event = this.#event;
    const id = this.#id;
    this.#data = [];
    this.#event = "";
    this.#id = undefined;
    this.length = 0;
    if (data.length === 0) return undefined;
    return { text: data.join("\n"), ...(event === "" ? {} : { event }), ...(id === undefined ? {} : { id }) };
  }
}
