import { impliedCredentialNote, laterCredentialNote } from "../capability/notes.ts";
import type { OverlaidSetting } from "../capability/overlaid-settings.ts";
import type { Operation } from "../capability/types.ts";
import type { Capability } from "../capability.ts";
import type { Inputs } from "../request/check-inputs.ts";
import type { CommandContext } from "./command-context.ts";
import { formatRequest, requestJson } from "./format-request.ts";
import type { Notes } from "./notes.ts";
import type { RunArguments } from "./parse-run-arguments.ts";
import { writeJson, writeResult } from "./write-result.ts";

/** One call of the command line. */
export interface Call {
  readonly capability: Capability;
  readonly operation: Operation;
  readonly inputs: Inputs;
  readonly parsed: RunArguments;
  readonly context: CommandContext;
  readonly notes: Notes;
  /** Whether there is a configuration, which may set values of the call. */
  readonly isOverlaid: boolean;
}

/** Calls an operation, or with `--dry-run` only prepares it, and prints what came of it. */
export async function callOperation(call: Call, beforeResult: () => void = () => {}): Promise<void> {
  const { capability, operation, inputs, parsed, context, notes } = call;
  const { signal, stdout } = context;
  const { reference } = operation;
  if (parsed.dryRun) {
    const request = await capability.prepare(reference, inputs);
    const implied = impliedCredentialNote(operation.adapter);
    if (implied !== undefined && "authorization" in request.headers) notes.add(`note: ${implied}`);
    const later = laterCredentialNote(operation.adapter);
    if (later !== undefined && !("authorization" in request.headers)) notes.add(`note: ${later}`);
    const { secrets } = capability.parts;
    const overlay = call.isOverlaid ? await noteOverlay(call) : [];
    beforeResult();
    notes.flush();
    const shown = requestJson(request, secrets);
    const member = overlay.length === 0 ? {} : { overlay: secrets.value(overlay) };
    if (parsed.output === "json") writeJson({ ...shown, ...member }, stdout);
    else stdout.write(`${formatRequest(request, secrets)}\n`);
  } else if (parsed.output === "raw") {
    const { body } = await capability.exchange(reference, inputs, { signal });
    beforeResult();
    stdout.write(body);
  } else {
    const { outputs } = await capability.run(reference, inputs, { signal });
    beforeResult();
    notes.flush();
    await writeResult(outputs, parsed, context);
  }
}

async function noteOverlay({ operation, inputs, parsed, notes }: Call): Promise<readonly OverlaidSetting[]> {
  const { appliedOverlay, noteSettings } = await import("./applied-overlay.ts");
  const settings = appliedOverlay(operation, inputs, parsed);
  // Programs find them in the request's object.
  if (parsed.output !== "json") noteSettings(settings, notes);
  return settings;
}
