import { member } from "../../base/json-object.ts";
import { isAddedBySending } from "../../engine/authentication/authentications.ts";
import { rawFormats } from "../../engine/formats/raw-formats.ts";
import type { StreamItem } from "../../engine/response/stream-items.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { impliedCredentialNote } from "../../language/model/notes.ts";
import type { OverlaidSetting } from "../../language/model/overlaid-settings.ts";
import type { HttpRequest } from "../../net/http-request.ts";
import { type Call, includeHead, optionsOf, shownValue } from "./call.ts";
import { formatRequest, shownRequest } from "./format-request.ts";
import { printLines } from "./printed-text.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { writeJson, writeResult, writeResults } from "./write-result.ts";

/** Calls an operation, or with `--dry-run` only prepares it, and prints what came of it. */
export async function callOperation(call: Call, beforeResult: () => void = () => {}): Promise<void> {
  const { capability, operation, inputs, parsed, context, notes } = call;
  const { stdout } = context;
  const { reference } = operation;
  if (parsed.dryRun !== undefined) {
    const request = await capability.prepare(reference, inputs, optionsOf(call));
    const overlay = await addRequestNotes(call, request);
    if (parsed.all) notes.add("note: --all asks for more pages after this; how, the first answer tells");
    beforeResult();
    notes.flush();
    const { secrets } = capability;
    await hideLiterals(capability);
    const shown = shownRequest(request, secrets);
    const member = overlay.length === 0 ? {} : { overlay: secrets.value(overlay) };
    if (parsed.dryRun === "json") await writeJson({ ...shown, ...member }, parsed, context);
    else stdout.write(printLines(formatRequest(request, secrets)));
  } else if (parsed.all) {
    const { callPages } = await import("./call-pages.ts");
    await callPages(call, beforeResult);
  } else if (parsed.until !== undefined) {
    const { callUntil } = await import("./call-until.ts");
    await callUntil(call, parsed.until, beforeResult);
  } else if (parsed.output === "raw" || parsed.out !== undefined) {
    const { writeReceived } = await import("./write-received.ts");
    await writeReceived(call, beforeResult);
  } else {
    await callAndDecode(call, beforeResult);
  }
}

/** Remembers the credentials that stand in the file as secrets: a request that is shown holds them. */
export async function hideLiterals({ document, secrets }: Runtime): Promise<void> {
  const { literalSecrets } = await import("../../language/validation/without-literals.ts");
  for (const secret of literalSecrets(document.value)) secrets.add(secret);
}

/** Notes what is worth knowing about a request that is printed, and gives the settings of overlays in it. */
export async function addRequestNotes(call: Call, { headers }: HttpRequest): Promise<readonly OverlaidSetting[]> {
  const { operation, notes, withheld } = call;
  const names = [...(withheld?.used ?? [])].join(", ");
  if (names !== "") notes.add(`note: *** stands for ${names}: a call that is only shown runs no command`);
  const implied = impliedCredentialNote(operation.adapter);
  if (implied !== undefined && "authorization" in headers) {
    const { findingText } = await import("./remedy-text.ts");
    notes.add(`note: ${findingText(implied)}`);
  }
  const { authentication, namespace } = operation.adapter;
  if (authentication !== undefined && isAddedBySending(authentication.type) && !("authorization" in headers))
    notes.add(`note: the ${authentication.type} credential of "${namespace}" is added when the request is sent`);
  return call.isOverlaid ? noteOverlay(call) : [];
}

async function noteOverlay({ operation, inputs, parsed, notes }: Call): Promise<readonly OverlaidSetting[]> {
  const { appliedOverlay, noteSettings } = await import("./applied-overlay.ts");
  const settings = appliedOverlay(operation, inputs, parsed);
  // Programs find them in the request's object.
  if (parsed.dryRun !== "json" || parsed.showSecrets) noteSettings(settings, notes);
  return settings;
}

async function callAndDecode(call: Call, beforeResult: () => void): Promise<void> {
  const { capability, operation, inputs, parsed, context, notes } = call;
  const { signal } = context;
  const isUndecoded = member(rawFormats, operation.rawFormat)?.isUndecoded === true;
  if (isUndecoded && parsed.output !== "json") {
    const { refuseOnTerminal } = await import("./write-received.ts");
    refuseOnTerminal(call);
  }
  const answer = await capability.call(operation.reference, inputs, optionsOf(call), "items");
  beforeResult();
  notes.flush();
  await includeHead(answer, call);
  if (answer.kind === "items") {
    await untilInterrupted(() => writeResults(outputsOf(answer.pieces, call), parsed, context), signal);
  } else if (isUndecoded) {
    const { binaryJson } = await import("./write-received.ts");
    await writeResult(shownValue(call, binaryJson(answer)), parsed, context);
  } else {
    await writeResult(shownValue(call, answer.outputs), parsed, context);
  }
}

async function* outputsOf(
  arriving: AsyncIterable<readonly StreamItem[]>,
  call: Call,
): AsyncGenerator<readonly unknown[]> {
  for await (const items of arriving) yield items.map(({ outputs }) => shownValue(call, outputs));
}
