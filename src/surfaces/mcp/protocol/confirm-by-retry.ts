import { randomBytes, randomUUID } from "node:crypto";
import { isJsonObject, member } from "../../../base/json-object.ts";
import { stringify } from "../../../base/numbers/exact-json.ts";
import type { CallLink, ToolCall } from "./call-tool.ts";
import { asksByForms, confirmationForm, ELICIT, isAccepted } from "./elicitation.ts";
import { InputRequired } from "./input-required.ts";
import { createRequestStateCodec } from "./mcp-package.ts";
import { INVALID_PARAMS, ProtocolFault } from "./protocol-fault.ts";

/** A call of revision 2026-07-28, and what its request has besides. Nothing of it is checked. */
interface RetriedCall extends ToolCall {
  /** Of the client, as the request says. */
  readonly capabilities: unknown;
  readonly caller: string;
  /** Answers to questions of an earlier answer, by their names. */
  readonly inputResponses: unknown;
  /** State of an earlier answer. */
  readonly requestState: unknown;
}

/** How long a question can be answered, in seconds. */
const THINKING_SECONDS = 600;
/** Name of the question. */
const NAME = "confirm";

/** Whom and what a state is for: the codec takes it in place of the surroundings of a handler. */
type Bound = Parameters<ReturnType<typeof createRequestStateCodec>["verify"]>[1];

/**
 * Returns what asks the person behind a client of 2026-07-28: it ends the call by an answer that holds the question, and
 * finds the answer when the client sends the call again. `undefined` where the client cannot ask anybody.
 *
 * What comes back has to be for the same tool, arguments, caller and question, in time, and for the first time.
 */
export function confirmByRetry(call: RetriedCall): CallLink["confirm"] {
  if (!asksByForms(call.capabilities)) return undefined;
  const { name, given, caller, inputResponses, requestState } = call;
  return async question => {
    const bound = stringify([name, given, caller, question]) as unknown as Bound;
    const ask = async () => {
      const state = await stateCodec().mint(randomUUID(), bound);
      return new InputRequired({ [NAME]: { method: ELICIT, params: confirmationForm(question) } }, state);
    };
    if (requestState === undefined) throw await ask();
    await spend(requestState, bound);
    const answer = isJsonObject(inputResponses) ? member(inputResponses, NAME) : undefined;
    if (answer === undefined) throw await ask();
    return isAccepted(answer);
  };
}

let codec: ReturnType<typeof createRequestStateCodec<string>> | undefined;

/** Returns what seals states. The key is that of the process: a question ends with it. */
function stateCodec(): NonNullable<typeof codec> {
  codec ??= createRequestStateCodec<string>({
    key: randomBytes(32),
    ttlSeconds: THINKING_SECONDS,
    bind: bound => bound as unknown as string,
  });
  return codec;
}

/** States that were used, with the time from which they could not be any more, in milliseconds. The oldest come first. */
const spent = new Map<string, number>();

/** @throws ProtocolFault for a state that is not that of the call, is too old or was used */
async function spend(state: unknown, bound: Bound): Promise<void> {
  const id =
    typeof state === "string"
      ? await stateCodec()
          .verify(state, bound)
          .catch(() => undefined)
      : undefined;
  if (id === undefined || spent.has(id))
    throw new ProtocolFault(INVALID_PARAMS, "Invalid params: the requestState is not that of this call, or was used");
  const now = performance.now();
  for (const [old, until] of spent) {
    if (until > now) break;
    spent.delete(old);
  }
  spent.set(id, now + THINKING_SECONDS * 1_000);
}
