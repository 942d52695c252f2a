import { standInSource } from "../../engine/binds/bind-source.ts";
import { reopen } from "../../engine/open.ts";
import { withAdded } from "../../engine/request/added-fields.ts";
import { shownBaseUri } from "../../language/expression/base-uri.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { seedOfCall } from "../sandbox/seed-of-call.ts";
import type { Call } from "./call.ts";
import { callOperation } from "./call-operation.ts";
import { usageError } from "./usage-error.ts";

/** Sends a call, over real HTTP, to a sandbox that lives as long as the call. */
export async function callSandbox(call: Call): Promise<void> {
  const { capability, operation, notes } = call;
  const sandbox = await start(call);
  try {
    const standIns = standInSource();
    const { secrets } = capability;
    const baseUri = Object.fromEntries(sandbox.baseUris);
    const sandboxed = { secrets, sources: [standIns], inSandbox: true };
    const inSandbox = await reopen(capability, { baseUri }, sandboxed);
    const { rawFormat, name } = operation;
    if (rawFormat !== "json" && rawFormat !== "text") {
      notes.add(`sandbox: it answers JSON, which ${name} decodes as ${rawFormat}; --output raw prints it`);
    }
    const api = shownBaseUri(operation.adapter.baseUri.text) || "the API";
    notes.add(`sandbox: talking to ${sandbox.url} in this process, not to ${api}`);
    const sandboxedOperation = withAdded(inSandbox.find(operation.reference), call.parsed.call);
    await callOperation({ ...call, capability: inSandbox, operation: sandboxedOperation }, () => {
      const names = [...standIns.used].join(", ");
      if (names !== "") notes.add(`sandbox: ${names} not set; a stand-in value is sent`);
    });
  } finally {
    await sandbox.close();
  }
}

/** Starts the sandbox with the resources that the call names: a sandbox for one call has none from an earlier call. */
async function start({ capability, operation, inputs }: Call): Promise<Sandbox> {
  const capabilities = [capability.model];
  try {
    return await startSandbox({ capabilities, seed: seedOfCall(operation, inputs) });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  // The seed is a guess, which may not fit the paths of the file.
  try {
    return await startSandbox({ capabilities });
  } catch (error) {
    throw error instanceof TypeError ? usageError(`Cannot start a sandbox: ${error.message}`) : error;
  }
}
