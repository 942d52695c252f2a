import { withDefaults } from "../base/option-row.ts";
import { tellListener } from "../base/tell-listener.ts";
import { joinSignals } from "../net/join-signals.ts";
import { resultOf } from "./call.ts";
import type { RunResult, WaitOptions } from "./call-options.ts";
import { waitOptions } from "./options.ts";
import type { Inputs } from "./request/check-inputs.ts";
import type { Runtime } from "./runtime.ts";

/** Options of waiting, complete. */
type WaitSettings = WaitOptions & { readonly everyMs: number; readonly forMs: number };

/** Calls an operation again and again until its answer is as wanted, and gives that answer. */
export async function waitFor(
  runtime: Runtime,
  reference: string,
  inputs: Inputs,
  options: WaitOptions,
): Promise<RunResult> {
  const { until, everyMs, forMs, signal, onCall, ...ofCall } = withDefaults(waitOptions, options) as WaitSettings;
  const { waitUntil } = await import("./waiting/wait-until.ts");
  const { method, name } = runtime.find(reference);
  const { headers, query } = ofCall;
  const { url } = await runtime.prepare(reference, inputs, { signal, headers, query });
  const ended = joinSignals(signal, runtime.closing);
  const { secrets } = runtime;
  try {
    return await waitUntil<RunResult>({
      operation: { method, name, url },
      until,
      everyMs,
      forMs,
      signal: ended.signal,
      onCall: onCall && ((...told) => tellListener("onCall", text => secrets.text(text), onCall, ...told)),
      // An answer that a cache has kept would be the answer to the next call too.
      async call(limit) {
        const own = { ...ofCall, signal: limit, cache: false };
        return resultOf(await runtime.call(reference, inputs, own, "value"));
      },
    });
  } catch (error) {
    throw await runtime.presented(error);
  } finally {
    ended.release();
  }
}
