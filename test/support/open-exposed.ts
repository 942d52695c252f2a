import { parse } from "yaml";
import { SecretMask } from "../../src/base/mask-secrets.ts";
import { openRuntime } from "../../src/engine/open.ts";
import type { OpenOptions } from "../../src/engine/open-options.ts";
import type { UnitAnswer, UnitReader } from "../../src/engine/orchestration/unit-answer.ts";
import type { UnitOptions } from "../../src/engine/orchestration/unit-host.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import type { Unit } from "../../src/language/model/exposed/types.ts";

/** An opened capability that exposes something. */
export interface Exposed {
  readonly runtime: Runtime;
  /** Calls a unit: one that a reference names, such as `tools.get-ship`. */
  call(
    reference: string,
    inputs?: Readonly<Record<string, unknown>>,
    reader?: Partial<UnitReader>,
    options?: UnitOptions,
  ): Promise<UnitAnswer>;
  /** Calls a unit and returns its value. */
  value(reference: string, inputs?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** Opens a document, as YAML, whose `consumes` have the base URI. */
export async function openExposed(text: string, baseUri: string, options: OpenOptions = {}): Promise<Exposed> {
  const document = { naftiko: "1.0.0-alpha3", ...(parse(text) as object) };
  const runtime = await openRuntime(
    document,
    { baseUri, env: {}, impliedAuthentication: false, retries: 0, ...options },
    { cwd: "/", secrets: new SecretMask() },
  );
  const call: Exposed["call"] = (reference, inputs = {}, reader = {}, settings = {}) => {
    const unit = runtime.findCallable(reference) as Unit;
    return runtime.callUnit(unit, inputs, settings, { form: "value", ...reader });
  };
  const value: Exposed["value"] = async (reference, inputs) => {
    const answer = await call(reference, inputs);
    return answer.kind === "value" ? answer.value : answer;
  };
  return { runtime, call, value };
}
