import type { Inputs } from "../../engine/request/check-inputs.ts";
import { NO_CHECKS } from "../../engine/request/input-checks.ts";
import { planRequest } from "../../engine/request/plan-request.ts";
import {
  type OverlaidSetting,
  overlaidSendingSettings,
  requestSettings,
} from "../../language/model/overlaid-settings.ts";
import type { Operation } from "../../language/model/types.ts";
import type { Notes } from "./notes.ts";
import { overlaidBinds, settingPlace } from "./overlay-text.ts";
import type { RunArguments } from "./parse-run-arguments.ts";

/** Lists the settings of overlays in one call: those that the command line does not replace. */
export function appliedOverlay(
  operation: Operation,
  inputs: Inputs,
  { open, call, cache, caCert }: RunArguments,
): OverlaidSetting[] {
  const options = new Set(Object.keys({ ...open, ...call }));
  if (cache === false) options.add("cache");
  if (caCert !== undefined) options.add("caFile");
  const given = new Set(Object.keys(inputs).filter(key => (inputs[key] ?? undefined) !== undefined));
  const { binds, credential, defaults } = planRequest(operation, "", NO_CHECKS);
  const isCredentialSent = credential?.ok === true && !credential.rivals.some(key => given.has(key));
  const needed = [
    ...(isCredentialSent ? binds.withCredential : binds.plain).variables,
    ...defaults.filter(({ input }) => !given.has(input.key)).flatMap(plan => plan.variables),
  ];
  const { origin } = operation.adapter.authentication ?? {};
  return [
    ...requestSettings(operation, given).filter(({ setting }) => isCredentialSent || setting !== origin?.setting),
    ...overlaidSendingSettings(operation).filter(
      ({ setting }) => !options.has(setting.slice(setting.lastIndexOf(".") + 1)),
    ),
    ...overlaidBinds([...new Set(needed)]),
  ];
}

/** Says of each setting where it stands. */
export function noteSettings(settings: readonly OverlaidSetting[], notes: Notes): void {
  for (const setting of settings) notes.add(`overlay: ${setting.setting} is set at ${settingPlace(setting)}`);
}
