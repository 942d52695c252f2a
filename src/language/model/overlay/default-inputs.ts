import type { Setting } from "../../overlays/resolved-overlay.ts";
import type { BindScope } from "../bind-scope.ts";
import { compileData } from "../compile-body.ts";
import type { Input, InputDefault } from "../types.ts";
import type { OverlayFindings } from "./findings.ts";
import { checkTexts } from "./overlay-texts.ts";

/** Compiles a default of an overlay. Returns `undefined` if it removes a default or is malformed. */
export function compileDefault(
  setting: Setting<unknown>,
  context: { readonly scope: BindScope; readonly findings: OverlayFindings },
): InputDefault | undefined {
  if (setting.value === null || !checkTexts(setting.value, setting.origin, context)) return undefined;
  return { ...setting, content: compileData(setting.value, { scope: context.scope }) };
}

/** Adds defaults to inputs, which become optional. */
export function layDefaults(
  defaults: ReadonlyMap<string, InputDefault>,
  inputs: ReadonlyMap<string, Input>,
): ReadonlyMap<string, Input> {
  if (defaults.size === 0) return inputs;
  return new Map(
    [...inputs].map(([key, input]) => {
      const value = defaults.get(key);
      return [key, value === undefined ? input : { ...input, required: false, default: value }];
    }),
  );
}
