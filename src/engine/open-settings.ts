import { withDefaults } from "../base/option-row.ts";
import type { SendingSettings } from "../language/overlays/resolved-overlay.ts";
import type { OpenOptions, OpenSettings } from "./open-options.ts";
import { openOptions } from "./options.ts";

/**
 * Completes the options of opening: they win over the settings of overlays, and these over the defaults.
 *
 * @param overlaid settings for one operation
 */
export function openSettings(options: OpenOptions, overlaid: SendingSettings = {}): OpenSettings {
  const below = Object.entries(overlaid).flatMap(([name, { value }]) =>
    options[name as keyof OpenOptions] === undefined ? [[name, value]] : [],
  );
  return { ...withDefaults<OpenSettings>(openOptions, options), ...Object.fromEntries(below) };
}
