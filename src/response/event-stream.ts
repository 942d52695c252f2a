import type { EventSourceMessage } from "eventsource-parser";
import type { ItemLimit, StreamedText, StreamFormat } from "./stream-format.ts";

/** Server-sent events (WHATWG HTML, 9.2), read by `eventsource-parser`. An item is the data of an event. */
export const eventStream: StreamFormat = { isJson: false, split };

async function* split(texts: AsyncIterable<string>, limit: ItemLimit): AsyncGenerator<StreamedText> {
  const { createParser } = await import("eventsource-parser");
  const events: EventSourceMessage[] = [];
  let length = 0;
  const parser = createParser({
    onEvent(event) {
      events.push(event);
      length = 0;
    },
    // What keeps a connection open is not kept.
    onComment() {
      length = 0;
    },
  });
  for await (const text of texts) {
    length += text.length;
    parser.feed(text);
    if (length > limit.length) throw limit.error();
    yield* take(events);
  }
  parser.feed("\n\n");
  yield* take(events);
}

function* take(events: EventSourceMessage[]): Generator<StreamedText> {
  for (const { data, event, id } of events.splice(0)) {
    yield { text: data, ...(event === undefined ? {} : { event }), ...(id === undefined ? {} : { id }) };
  }
}
