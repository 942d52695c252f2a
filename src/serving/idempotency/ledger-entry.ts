import type { ResponseHeaders } from "../../base/capability-error.ts";

/** An answer as it is given again. */
export interface KeptAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ResponseHeaders;
  readonly body: Uint8Array;
}

/** An answer that was given, as the ledger remembers it. */
export interface GivenAnswer {
  readonly kind: "given";
  /** Tells the request from others. */
  readonly fingerprint: string;
  readonly status: number;
  /** Header fields of the request that its calls have used, and a digest of their values. */
  readonly fields: readonly string[];
  readonly fieldsDigest: string;
  /** `undefined`: it was too long, or had no end of its own. */
  readonly answer: KeptAnswer | undefined;
}

/** A request that has not been answered. */
interface RunningRequest {
  readonly kind: "running";
  readonly fingerprint: string;
}

export type LedgerEntry = GivenAnswer | RunningRequest;

/** Writes an entry as a text. */
export function entryText(entry: LedgerEntry): string {
  if (entry.kind === "running" || entry.answer === undefined) return JSON.stringify(entry);
  const body = Buffer.from(entry.answer.body).toString("base64");
  return JSON.stringify({ ...entry, answer: { ...entry.answer, body } });
}

/** Reads an entry. It comes from a copy of this server: nobody else can seal one. */
export function parseEntry(text: string): LedgerEntry {
  const entry = JSON.parse(text) as LedgerEntry;
  if (entry.kind === "running" || entry.answer === undefined) return entry;
  const body = Buffer.from(entry.answer.body as unknown as string, "base64");
  return { ...entry, answer: { ...entry.answer, body } };
}
