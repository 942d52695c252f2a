import { standInSource } from "../../../engine/binds/bind-source.ts";
import { reopen } from "../../../engine/open.ts";
import { isUnit } from "../../../language/model/exposed/resolved-work.ts";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { seedOfCall } from "../../sandbox/seed-of-call.ts";
import { usageError } from "../usage-error.ts";
import { callReady } from "./call-ready.ts";
import { knownCalls } from "./known-calls.ts";
import type { ReadyCall } from "./unit-call.ts";

/** Calls a unit with a sandbox in place of the APIs, which lives as long as the call. */
export async function callUnitInSandbox(call: ReadyCall): Promise<void> {
  const { capability, reference, notes } = call;
  const sandbox = await start(call);
  try {
    const standIns = standInSource();
    const { secrets } = capability;
    const sandboxed = { secrets, sources: [standIns], inSandbox: true };
    const inSandbox = await reopen(capability, { baseUri: Object.fromEntries(sandbox.baseUris) }, sandboxed);
    notes.add(`sandbox: talking to ${sandbox.url} in this process, not to the APIs`);
    const unit = inSandbox.findCallable(reference);
    if (!isUnit(unit)) throw new TypeError(`${reference} names an operation in the sandbox`);
    await callReady({ ...call, capability: inSandbox, unit }, () => {
      const names = [...standIns.used].join(", ");
      if (names !== "") notes.add(`sandbox: ${names} not set; a stand-in value is sent`);
    });
  } finally {
    await sandbox.close();
  }
}

/** Starts the sandbox with the resources that calls name which follow from the inputs alone. */
async function start(call: ReadyCall): Promise<Sandbox> {
  const capabilities = [call.capability.model];
  const seed: Record<string, Record<string, unknown>> = {};
  for (const { operation, inputs } of await knownCalls(call)) {
    for (const [namespace, paths] of Object.entries(seedOfCall(operation, inputs) ?? {}))
      seed[namespace] = { ...seed[namespace], ...(paths as Record<string, unknown>) };
  }
  try {
    return await startSandbox({ capabilities, seed });
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
