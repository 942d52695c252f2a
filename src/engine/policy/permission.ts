import { CapabilityError } from "../../base/capability-error.ts";
import type { SecretMask } from "../../base/mask-secrets.ts";
import type { Inputs } from "../request/check-inputs.ts";
import type { ConfirmRule, PolicyRefusal } from "./policy.ts";
import { questionOf } from "./question-of.ts";

/** Asks a person whether a call may be made. The question is one line. */
export type Confirm = (question: string) => Promise<boolean>;

interface Called {
  readonly name: string;
  readonly capability: string;
}

/** What the policy says of one operation, or of one thing that is exposed. */
export class Permission {
  readonly #called: Called;
  readonly #rule: ConfirmRule | undefined;
  readonly #secrets: SecretMask;
  readonly refusal: PolicyRefusal | undefined;

  constructor(called: Called, refusal: PolicyRefusal | undefined, rule: ConfirmRule | undefined, secrets: SecretMask) {
    this.#called = called;
    this.refusal = refusal;
    this.#rule = rule;
    this.#secrets = secrets;
  }

  /** Tells what would come of a call that is not made. */
  get note(): string {
    if (this.refusal !== undefined) return `the call would be refused: ${this.refusal.reason}`;
    return `a person would be asked first, as the policy of ${this.#rule?.owner} wants it`;
  }

  /**
   * Requires that a call may be made. A person is asked where the policy wants it.
   *
   * @param check checks the inputs: nobody is asked about a call that cannot be made
   * @throws CapabilityError `OPERATION_REFUSED`, `CONFIRMATION_MISSING`
   * @throws what `check` and `confirm` throw
   */
  async require(inputs: Inputs, confirm: Confirm | undefined, check: () => unknown): Promise<void> {
    const { name } = this.#called;
    if (this.refusal !== undefined) throw refused(name, this.refusal);
    const rule = this.#rule;
    if (rule === undefined) return;
    await check();
    if (confirm === undefined) throw unconfirmed(name, rule, "unasked");
    const question = questionOf({ ...this.#called, requests: rule.asked, inputs });
    const isConfirmed = await confirm(this.#secrets.text(question));
    // A function of a program may give anything.
    if (isConfirmed !== true) throw unconfirmed(name, rule, "declined");
  }
}

function refused(operation: string, { rule, reason, source }: PolicyRefusal): CapabilityError {
  return new CapabilityError("OPERATION_REFUSED", {
    message: `Cannot call ${JSON.stringify(operation)}: ${reason}`,
    details: { operation, rule, reason },
    source,
  });
}

function unconfirmed(
  operation: string,
  { owner, mode, source }: ConfirmRule,
  reason: "unasked" | "declined",
): CapabilityError {
  const wanted = mode === "writes" ? "calls that may change something" : "calls that destroy something";
  const outcome = reason === "unasked" ? "nobody can be asked here" : "this one was not confirmed";
  return new CapabilityError("CONFIRMATION_MISSING", {
    message: `Cannot call ${JSON.stringify(operation)}: the policy of ${owner} wants ${wanted} confirmed by a person, and ${outcome}`,
    details: { operation, reason },
    source,
  });
}
