import { isJsonObject } from "../../base/json-object.ts";
import { setMember } from "../../base/set-member.ts";
import type { JsonPathStep } from "../../language/expression/json-path-steps.ts";
import type { Operation } from "../../language/model/types.ts";
import { compileJsonPath } from "../outputs/compile-json-path.ts";
import { MAX_STEPS_OF_ANSWER } from "../outputs/step-meter.ts";
import type { ValueReply } from "./unit-host.ts";

/** The output of a step, as later steps see it. */
export interface StepOutput {
  /** `undefined` for a script without a result. */
  readonly value: unknown;
  /** The whole body, in which paths look that find nothing in the value. Absent where the value is the body. */
  readonly raw?: unknown;
}

/** Makes the output of a step of the decoded answer to its call. */
type ReadOutput = (reply: ValueReply) => StepOutput;

/**
 * Compiles the output of the call of an operation (language chapter 5.9). Named outputs are members of an object, beside
 * which the body stays at hand. Of a list, each element gains them, if all their paths begin with a member.
 */
export function compileStepOutput({ outputs }: Pick<Operation, "outputs">): ReadOutput {
  if (outputs === undefined) return ({ body }) => ({ value: body });
  const isOfElements = outputs.every(({ path }) => beginsWithMember(path.steps));
  if (!isOfElements) return ({ body, outputs: value }) => ({ value, raw: body });
  const readers = outputs.map(({ name, path }) => ({ name, read: compileJsonPath(path) }));
  return ({ body, outputs: value }) => {
    if (!Array.isArray(body)) return { value, raw: body };
    const budget = { left: MAX_STEPS_OF_ANSWER };
    const augmented = (body as readonly unknown[]).map(element => {
      if (!isJsonObject(element)) return element;
      const copy: Record<string, unknown> = Object.fromEntries(Object.entries(element));
      for (const { name, read } of readers) setMember(copy, name, read(element, budget));
      return copy;
    });
    return { value: augmented };
  };
}

function beginsWithMember([first]: readonly JsonPathStep[]): boolean {
  return first?.kind === "member";
}
