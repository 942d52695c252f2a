import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { CallerFields } from "../../engine/binds/caller-fields.ts";
import { Claim } from "./claim.ts";
import type { IdempotencyLedger } from "./idempotency-ledger.ts";
import type { KeptAnswer } from "./ledger-entry.ts";

/** A request with a key. */
interface AnsweredOnce {
  readonly ledger: IdempotencyLedger;
  readonly key: string;
  /** Tells its caller from others. */
  readonly caller: string | undefined;
  /** Path and query, as sent. */
  readonly target: string;
  readonly body: Uint8Array;
}

/**
 * Keeps an answer, before it is sent.
 *
 * @param answer `undefined`: it is too long, or has no end of its own
 */
type KeepAnswer = (status: number, answer: KeptAnswer | undefined, fields: CallerFields) => Promise<void>;

/** Statuses of answers that say that nothing was done, and that the same request may do it later. They are not kept. */
const UNDONE: ReadonlySet<number> = new Set([401, 403, 407, 408, 409, 425, 429]);

/**
 * Answers the first request of a key by work, and others by the answer to that.
 *
 * @param work makes and sends the answer; what it does not keep is made anew for the next request
 * @param again sends a kept answer
 * @throws Refusal as {@link IdempotencyLedger.begin} does; what the work throws
 */
export async function answerOnce(
  { ledger, key, caller, target, body }: AnsweredOnce,
  request: IncomingMessage,
  work: (keep: KeepAnswer) => Promise<void>,
  again: (answer: KeptAnswer) => void | Promise<void>,
): Promise<void> {
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([request.method, target]))
    .update(body)
    .digest("base64url");
  const digestOf = (fields: readonly string[]) => digestOfFields(request, fields, key);
  const begun = await ledger.begin({ key, caller, fingerprint, digestOf });
  if (!(begun instanceof Claim)) return again(begun);
  let isEnded = false;
  try {
    await work(async (status, answer, { names }) => {
      isEnded = true;
      if (status >= 500 || UNDONE.has(status)) return begun.release();
      const fields = [...names].sort();
      await begun.keep({ kind: "given", fingerprint, status, fields, fieldsDigest: digestOf(fields), answer });
    });
  } finally {
    if (!isEnded) await begun.release();
  }
}

function digestOfFields({ headersDistinct }: IncomingMessage, fields: readonly string[], key: string): string {
  const values = fields.map(name => (Object.hasOwn(headersDistinct, name) ? headersDistinct[name] : undefined));
  return createHmac("sha256", key).update(JSON.stringify(values)).digest("base64url");
}
