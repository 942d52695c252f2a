/** Longest body that is kept, in bytes. */
export const MOST_KEPT_BYTES = 1_048_576;

/** Types of bodies whose pieces are for now: they may have no end. */
const STREAMED = /^(?:text\/event-stream|application\/(?:x-)?(?:ndjson|jsonl|json-seq)|multipart\/x-mixed-replace)\b/i;

/** Tells whether an answer of a type can be waited for, to be kept. */
export function keepsAnswer(contentType: string | undefined): boolean {
  return contentType === undefined || !STREAMED.test(contentType);
}
