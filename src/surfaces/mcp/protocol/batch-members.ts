import type { JSONRPCErrorResponse, JSONRPCMessage } from "@modelcontextprotocol/server";
import { checkMessage } from "./parse-message.ts";

/** The revision that has batches, and that clients speak who name none. Those before and after it do not have them. */
export const BATCH_REVISION = "2025-03-26";

/** Tells why a batch is refused. `undefined`: it is not. */
export function batchProblem(members: readonly unknown[], revision: unknown): string | undefined {
  if (members.length === 0) return "Invalid Request: a batch has at least one message";
  return revision === BATCH_REVISION ? undefined : `Invalid Request: only revision ${BATCH_REVISION} has batches`;
}

/** Checks the members of a batch: some are messages, others are answered by what is wrong with them. */
export function checkMembers(members: readonly unknown[]): {
  readonly messages: readonly JSONRPCMessage[];
  readonly answers: readonly JSONRPCErrorResponse[];
} {
  const messages: JSONRPCMessage[] = [];
  const answers: JSONRPCErrorResponse[] = [];
  for (const checked of members.map(checkMessage)) {
    if (checked.kind === "message") messages.push(checked.message);
    else answers.push(checked.answer);
  }
  return { messages, answers };
}
