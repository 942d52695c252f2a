import type { FastifyReply, FastifyRequest } from "fastify";
import { stringify } from "../../base/numbers/exact-json.ts";
import type { UnitAnswer } from "../../engine/orchestration/unit-answer.ts";
import { keepsAnswer, MOST_KEPT_BYTES } from "../../serving/idempotency/kept-answers.ts";
import type { KeptAnswer } from "../../serving/idempotency/ledger-entry.ts";
import { sendBytes, sendText } from "../../serving/send-answer.ts";
import { wholeBody } from "../../serving/whole-body.ts";

/** Gives an answer, as it arrives where it is long. */
export async function giveAnswer(answer: UnitAnswer, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (answer.kind === "bytes") return sendBytes(request, reply, answer);
  giveWhole(wholeValue(answer), request, reply);
}

/** Gives an answer that is whole. */
export function giveWhole(
  { status, headers, body }: Omit<KeptAnswer, "body"> & { readonly body: string | Uint8Array },
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { "content-type": contentType, ...others } = headers;
  for (const [name, value] of Object.entries(others)) reply.raw.setHeader(name, value);
  sendText(request, reply, status, contentType?.toString(), body);
}

/**
 * Waits for an answer that can be kept. Returns any other one as it is, with all of its pieces.
 *
 * @throws what reading its pieces throws
 */
export async function wholeAnswer(answer: UnitAnswer): Promise<KeptAnswer | UnitAnswer> {
  if (answer.kind === "value") {
    const { body, ...head } = wholeValue(answer);
    const bytes = Buffer.from(body);
    return bytes.length > MOST_KEPT_BYTES ? answer : { ...head, body: bytes };
  }
  const { status, contentType, pieces } = answer;
  if (!keepsAnswer(contentType)) return answer;
  const body = await wholeBody(pieces, MOST_KEPT_BYTES);
  if (!(body instanceof Uint8Array)) return { ...answer, body: undefined, pieces: body };
  return { status, headers: contentType === undefined ? {} : { "content-type": contentType }, body };
}

interface WholeText {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function wholeValue({ status, value, isEmpty, failures }: Extract<UnitAnswer, { kind: "value" }>): WholeText {
  const headers: Record<string, string> = {};
  // The result lacks what these steps would have given.
  if (failures.length > 0)
    headers["naftiko-incomplete"] = failures.map(({ step }) => encodeURIComponent(step)).join(", ");
  if (isEmpty) return { status: status === 200 ? 204 : status, headers, body: "" };
  headers["content-type"] = "application/json";
  return { status, headers, body: stringify(value) ?? "null" };
}
