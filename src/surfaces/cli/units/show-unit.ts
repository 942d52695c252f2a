import { withAdded } from "../../../engine/request/added-fields.ts";
import { describeStep } from "../../../language/model/exposed/describe-unit.ts";
import { resolvedWork } from "../../../language/model/exposed/resolved-work.ts";
import type { Step } from "../../../language/model/exposed/types.ts";
import { alignColumns } from "../align-columns.ts";
import type { Call } from "../call.ts";
import { callOperation, hideLiterals } from "../call-operation.ts";
import { formatRequest, shownRequest } from "../format-request.ts";
import { printLines } from "../printed-text.ts";
import { type DryRunForm, showForms } from "../show/show-forms.ts";
import { usageError } from "../usage-error.ts";
import { writeJson } from "../write-result.ts";
import { knownCalls } from "./known-calls.ts";
import { afterText, stepText } from "./step-text.ts";
import type { ReadyCall } from "./unit-call.ts";

/** Prints what a unit would do, and does nothing: its request, or its steps with the requests that are known beforehand. */
export async function showUnit(call: ReadyCall, form: DryRunForm, beforeResult: () => void): Promise<void> {
  const { unit, parsed } = call;
  const work = resolvedWork(unit);
  if (work.kind === "mock")
    throw usageError(`${unit.reference} sends nothing: it answers with values of the file, so leave --dry-run out`);
  if (work.kind === "steps") return showSteps(call, work.steps, form, beforeResult);
  const [known] = await knownCalls(call);
  if (known === undefined) return;
  const made: Call = { ...call, operation: withAdded(known.operation, parsed.call), inputs: known.inputs };
  if (parsed.showSecrets || !showForms[form].isPlain) {
    const { showCall } = await import("../show/show-call.ts");
    await showCall(made, form);
  } else await callOperation(made, beforeResult);
}

async function showSteps(
  call: ReadyCall,
  steps: readonly Step[],
  form: DryRunForm,
  beforeResult: () => void,
): Promise<void> {
  const { capability, unit, parsed, context, notes } = call;
  if (!showForms[form].isPlain || parsed.showSecrets) {
    const option = parsed.showSecrets ? "--show-secrets" : `--dry-run=${form}`;
    throw usageError(
      `Option ${option} is about one request, and ${unit.reference} does the steps ${namesOf(steps)}: leave it out`,
    );
  }
  const { secrets } = capability;
  const requests = new Map<string | undefined, Awaited<ReturnType<typeof capability.prepare>>>();
  for (const { step, operation, inputs } of await knownCalls(call))
    requests.set(step, await capability.prepare(operation.reference, inputs, { signal: context.signal }));
  await hideLiterals(capability);
  beforeResult();
  notes.flush();
  if (form === "json") {
    const shown = steps.map(step => {
      const request = requests.get(step.name);
      return { ...describeStep(step), ...(request === undefined ? {} : { request: shownRequest(request, secrets) }) };
    });
    await writeJson({ reference: unit.reference, steps: shown }, parsed, context);
    return;
  }
  const rows = steps.map(step => [`  ${step.name}`, stepText(describeStep(step)), afterText(step)]);
  const lines = [
    `${unit.reference} does ${steps.length === 1 ? "1 step" : `${steps.length} steps`}:`,
    ...alignColumns(rows),
  ];
  for (const step of steps) {
    const request = requests.get(step.name);
    if (request !== undefined) lines.push("", `${step.name}:`, ...formatRequest(request, secrets));
    else if (step.type === "call")
      lines.push("", `${step.name}: its request takes what ${step.uses.join(", ") || "the run"} gives`);
  }
  context.stdout.write(printLines(lines));
}

function namesOf(steps: readonly Step[]): string {
  return steps.map(({ name }) => name).join(", ");
}
