import { setMember } from "../../base/set-member.ts";
import type { Operation } from "../../language/model/types.ts";
import { type Accessor, compileJsonPath } from "./compile-json-path.ts";
import { MAX_STEPS_OF_ANSWER } from "./step-meter.ts";

/** The compiled outputs of an operation. `undefined`: the body itself is the result. */
export type OutputPlan = readonly { readonly name: string; readonly read: Accessor }[] | undefined;

/** Compiles the JSONPaths of an operation's outputs. */
export function planOutputs({ outputs }: Pick<Operation, "outputs">): OutputPlan {
  if (outputs === undefined) return undefined;
  return outputs.map(({ name, path }) => ({ name, read: compileJsonPath(path) }));
}

/** Returns the named outputs of a decoded body, or the body if the operation declares none. The body is not copied. */
export function extractOutputs(plan: OutputPlan, body: unknown): unknown {
  if (plan === undefined) return body;
  const outputs: Record<string, unknown> = {};
  const budget = { left: MAX_STEPS_OF_ANSWER };
  for (const { name, read } of plan) setMember(outputs, name, read(body, budget));
  return outputs;
}
