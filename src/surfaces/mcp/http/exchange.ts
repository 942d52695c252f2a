import type { ServerResponse } from "node:http";

/** The forms of an answer that a client takes. */
export interface AcceptedForms {
  readonly json: boolean;
  readonly events: boolean;
}

/** Returns the forms that a client takes. One that says nothing takes both. */
export function acceptedForms(accept: string | undefined): AcceptedForms {
  if (accept === undefined || accept === BOTH || accept.includes("*/*")) return EITHER;
  const types = new Set(accept.split(",").map(range => (range.split(";", 1)[0] ?? "").trim().toLowerCase()));
  return {
    json: types.has("application/json") || types.has("application/*"),
    events: types.has("text/event-stream") || types.has("text/*"),
  };
}

const BOTH = "application/json, text/event-stream";
const EITHER: AcceptedForms = { json: true, events: true };

/** Most bytes that wait for a client to read them. One that reads less is cut off. */
const MOST_WAITING = 1024 * 1024;

/** Fields of a stream of events. Proxies must neither keep nor change it. */
const EVENTS = [
  "content-type",
  "text/event-stream",
  "cache-control",
  "no-cache, no-transform",
  "x-accel-buffering",
  "no",
  "x-content-type-options",
  "nosniff",
];

/** Begins a stream of events. */
export function openEvents(raw: ServerResponse, sessionId: string | undefined): void {
  raw.writeHead(200, sessionId === undefined ? EVENTS : [...EVENTS, "mcp-session-id", sessionId]);
  raw.flushHeaders();
}

/** Writes an event. A client that does not read is cut off, and nothing is kept for it. */
export function writeEvent(raw: ServerResponse, text: string): void {
  writeLines(raw, `event: message\ndata: ${oneLine(text)}`);
}

/** Returns JSON in one line: an event ends with its line. Strings of JSON have no line breaks. */
function oneLine(text: string): string {
  return LINE_BREAK.test(text) ? text.replace(LINE_BREAKS, " ") : text;
}

const LINE_BREAK = /[\r\n]/;
const LINE_BREAKS = /[\r\n]+/g;

/** Writes a comment, by which a connection stays open and a client that has gone is found out. */
export function writeComment(raw: ServerResponse): void {
  writeLines(raw, ": keepalive");
}

function writeLines(raw: ServerResponse, lines: string): void {
  if (raw.destroyed || raw.writableEnded) return;
  if (raw.writableLength > MOST_WAITING) raw.destroy();
  else raw.write(`${lines}\n\n`);
}

/** A request, and how its answers go back: as JSON, or as events where something is told before the last answer. */
export class Exchange {
  readonly raw: ServerResponse;
  readonly accepts: AcceptedForms;
  readonly #sessionId: string | undefined;
  readonly #isBatch: boolean;
  readonly #texts: string[] = [];
  #awaited: number;
  #isStream = false;

  /**
   * @param awaited how many answers there will be
   * @param isBatch whether they go back as a list
   */
  constructor(
    raw: ServerResponse,
    accepts: AcceptedForms,
    { sessionId, awaited, isBatch }: { sessionId: string | undefined; awaited: number; isBatch: boolean },
  ) {
    this.raw = raw;
    this.accepts = accepts;
    this.#sessionId = sessionId;
    this.#awaited = awaited;
    this.#isBatch = isBatch;
  }

  /** Sends what comes before an answer. A client that takes no events does not get it. */
  notify(text: string): void {
    if (!this.accepts.events || this.raw.destroyed || this.raw.writableEnded) return;
    this.#stream();
    writeEvent(this.raw, text);
  }

  /**
   * Gives one of the answers.
   *
   * @param status of an answer that goes back as JSON by itself
   */
  answer(text: string, status = 200): void {
    if (this.raw.destroyed || this.raw.writableEnded) return;
    if (!this.accepts.json) this.#stream();
    if (this.#isStream) writeEvent(this.raw, text);
    else this.#texts.push(text);
    this.#settle(status);
  }

  /** Gives no answer where one was awaited: the request was cancelled. */
  skip(): void {
    this.#settle(200);
  }

  #settle(status: number): void {
    if (--this.#awaited > 0 || this.raw.destroyed || this.raw.writableEnded) return;
    const [only] = this.#texts;
    if (this.#isStream) this.raw.end();
    else if (only === undefined) sendNothing(this.raw);
    else sendJson(this.raw, status, this.#isBatch ? `[${this.#texts.join(",")}]` : only, this.#sessionId);
  }

  #stream(): void {
    if (this.#isStream) return;
    this.#isStream = true;
    openEvents(this.raw, this.#sessionId);
    for (const text of this.#texts.splice(0)) writeEvent(this.raw, text);
  }
}

/** Tells that messages have been taken, which have no answer. */
export function sendNothing(raw: ServerResponse): void {
  raw.writeHead(202, { "content-length": 0 }).end();
}

/** Sends a text of JSON as the whole answer. */
export function sendJson(raw: ServerResponse, status: number, text: string, sessionId?: string): void {
  const fields = [
    "content-type",
    "application/json",
    "content-length",
    String(Buffer.byteLength(text)),
    "x-content-type-options",
    "nosniff",
  ];
  if (sessionId !== undefined) fields.push("mcp-session-id", sessionId);
  raw.writeHead(status, fields);
  raw.end(text);
}
