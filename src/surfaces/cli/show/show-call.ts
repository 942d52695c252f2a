import { isCapabilityError } from "../../../base/capability-error.ts";
import { SecretMask } from "../../../base/mask-secrets.ts";
import { reopen } from "../../../engine/open.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import type { HttpRequest } from "../../../net/http-request.ts";
import { wholeRequest } from "../../../net/whole-request.ts";
import { type Call, optionsOf } from "../call.ts";
import { addRequestNotes, hideLiterals } from "../call-operation.ts";
import { printData, printLines } from "../printed-text.ts";
import { usageError } from "../usage-error.ts";
import { createMarkerSource, type VariableNames } from "./marker-source.ts";
import { type CallMask, maskCall } from "./mask-call.ts";
import { partsOf, referencesIn, type ShownRequest } from "./pieces.ts";
import { readRequest } from "./read-request.ts";
import { type DryRunForm, showForms } from "./show-forms.ts";

/**
 * Prints the call in one of the forms, without making it. The form refers to variables by name. With `--show-secrets` it
 * has their values, and secrets are not masked.
 */
export async function showCall(call: Call, form: DryRunForm): Promise<void> {
  const { parsed, context, notes } = call;
  const shown = parsed.showSecrets ? await withSecrets(call) : await withReferences(call);
  const write = await showForms[form].load();
  const text = write(shown, new Date());
  notes.flush();
  const { stdout } = context;
  // The other forms are programs and data, which have escaped every value in their own way.
  stdout.write(form === "text" ? printLines(text.split(/\r\n|\n/)) : printData(`${text}\n`, stdout));
}

async function withSecrets(call: Call): Promise<ShownRequest> {
  const { capability, operation, inputs, notes } = call;
  const request = await capability.prepare(operation.reference, inputs, optionsOf(call));
  await addRequestNotes(call, request);
  notes.add("warning: secrets are printed as they are");
  return readRequest(await wholeRequest(request), {
    split: text => (text === "" ? [] : [text]),
    isIn: () => false,
  });
}

async function withReferences(call: Call): Promise<ShownRequest> {
  const { operation, inputs, notes } = call;
  const markers = createMarkerSource(operation);
  const secrets = new SecretMask();
  const capability = await reopen(call.capability, {}, { secrets, firstSources: [markers] });
  const request = await prepareMarked(capability, call);
  await addRequestNotes(call, request);
  const mask: CallMask = { operation, inputs, secrets: [secrets, call.capability.secrets] };
  await learnVariables(call);
  await hideLiterals(call.capability);
  const read = readRequest(await wholeRequest(request), markers);
  const shown = maskCall(read, mask);
  addReferenceNotes(call, shown, markers.names);
  if (JSON.stringify([...partsOf(shown)]) !== JSON.stringify([...partsOf(read)]))
    notes.add("note: *** stands for a secret that is not a variable's; --show-secrets prints it");
  return shown;
}

/** Prepares a request with marks. In a base URI a mark can be a scheme and host, or a part of a name, but not a port. */
async function prepareMarked(capability: Runtime, call: Call): Promise<HttpRequest> {
  const { operation, inputs } = call;
  const { reference, adapter } = operation;
  try {
    return await capability.prepare(reference, inputs, optionsOf(call));
  } catch (error) {
    const { kind, text } = adapter.baseUri;
    if (
      kind !== "template" ||
      !isCapabilityError(error, "REQUEST_INVALID") ||
      !error.remedies.some(remedy => "option" in remedy && remedy.option === "baseUri")
    )
      throw error;
    throw usageError(
      `Cannot show the call: no reference can stand where the base URI ${JSON.stringify(text)} has its variable; give --base-uri, or print the value with --show-secrets`,
    );
  }
}

/** Looks up the variables of the environment, to mask their values in inputs. */
async function learnVariables({ capability }: Call): Promise<void> {
  for (const variable of capability.model.binds) {
    if (variable.location === undefined) await capability.binds.state(variable);
  }
}

function addReferenceNotes({ context, notes }: Call, shown: ShownRequest, names: VariableNames): void {
  const used = new Set([...partsOf(shown)].flatMap(pieces => [...referencesIn(pieces)].map(({ name }) => name)));
  for (const [name, { key, location }] of names.entries()) {
    if (!used.has(name)) continue;
    if (location !== undefined) notes.add(`note: set ${name} to the value of "${key}" at ${location}`);
    else if (name !== key) notes.add(`note: ${name} stands for the variable "${key}"`);
    else if (!context.env[key]) notes.add(`note: ${name} must be set where this is run`);
  }
}
