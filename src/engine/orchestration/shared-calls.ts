import { CapabilityError } from "../../base/capability-error.ts";
import { getOrSet } from "../../base/get-or-set.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import { isNumber } from "../../base/numbers/json-number.ts";
import type { Operation } from "../../language/model/types.ts";
import type { Inputs } from "../request/check-inputs.ts";
import type { ValueReply } from "./unit-host.ts";

/** Most bytes of all answers of one run, which are kept until it ends: 256 MiB. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Calls of one run that change nothing, each made once: the same operation with the same inputs. */
export class SharedCalls {
  #bytes = 0;
  readonly #calls = new Map<Operation, Map<string, Promise<ValueReply>>>();

  /** Forgets all: a call that changes something begins, after which the answers may be others. */
  clear(): void {
    this.#calls.clear();
  }

  /**
   * Counts the answer to a call of the run.
   *
   * @throws CapabilityError `RESPONSE_TOO_LARGE`
   */
  spend({ name }: Operation, { size }: ValueReply): void {
    this.#bytes += size;
    if (this.#bytes <= MOST_BYTES) return;
    throw new CapabilityError("RESPONSE_TOO_LARGE", {
      message: `${name}: the answers of all steps have more than ${MOST_BYTES / 1024 / 1024} MiB; ask for less, or for fewer items`,
      details: { operation: name, maxBytes: MOST_BYTES },
    });
  }

  /** Returns the call that is the same. `undefined` if there is none. */
  find(operation: Operation, key: string): Promise<ValueReply> | undefined {
    return this.#calls.get(operation)?.get(key);
  }

  /** Keeps a call for others, unless it fails. */
  keep(operation: Operation, key: string, call: Promise<ValueReply>): void {
    const kept = getOrSet(this.#calls, operation, () => new Map<string, Promise<ValueReply>>());
    kept.set(key, call);
    call.catch(() => {
      if (kept.get(key) === call) kept.delete(key);
    });
  }
}

/** Returns a text that is the same for inputs that give the same request: in a URL or header, numbers are texts. */
export function keyOfInputs(inputs: Inputs): string {
  let key = "";
  for (const name of Object.keys(inputs)) {
    const value = inputs[name];
    const text = isNumber(value) || typeof value === "boolean" ? String(value) : value;
    key += `${JSON.stringify(name)}:${stringify(text)},`;
  }
  return key;
}
