import { countOf } from "../base/count-of.ts";
import type { ItemsAnswer } from "../engine/call.ts";

/** Most items that are read of a stream. */
const MOST_ITEMS = 1_000;
/** Longest time that a stream is read, in milliseconds. It may have no end. */
const LONGEST_MS = 20_000;

interface ReadStream {
  readonly items: readonly unknown[];
  /** Tells that the stream goes on. */
  readonly note: string | undefined;
}

/** Reads the items of a stream until it ends, for a while. */
export async function readStream({ pieces, close }: ItemsAnswer, signal: AbortSignal): Promise<ReadStream> {
  const items: unknown[] = [];
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    void close();
  }, LONGEST_MS);
  const end = () => void close();
  signal.addEventListener("abort", end, { once: true });
  try {
    for await (const piece of pieces) {
      for (const { outputs } of piece) items.push(outputs);
      if (isOver || signal.aborted) break;
      if (items.length >= MOST_ITEMS) {
        isOver = true;
        break;
      }
    }
  } catch (error) {
    if (!isOver) throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
  signal.throwIfAborted();
  if (!isOver) return { items, note: undefined };
  const found = items.slice(0, MOST_ITEMS);
  return { items: found, note: `The stream goes on; the first ${countOf(found.length, "item")} were read` };
}
