import { withDefaults } from "../base/option-row.ts";
import type { SendingSettings } from "../language/overlays/resolved-overlay.ts";
import { SENDING_NAMES } from "../language/overlays/sending-settings.ts";
import type { OpenOptions, OpenSettings } from "./open-options.ts";
import { openOptions } from "./options.ts";
import type { Opening } from "./surroundings.ts";

/** Completes the options of opening by their defaults. */
export function openSettings(options: OpenOptions): OpenSettings {
  return withDefaults<OpenSettings>(openOptions, options);
}

/** Returns the settings with those of overlays in place of defaults: options that are given win over them. */
export function effectiveSettings(
  { options, settings }: Pick<Opening, "options" | "settings">,
  overlaid: SendingSettings | undefined,
): OpenSettings {
  if (overlaid === undefined) return settings;
  const set = SENDING_NAMES.flatMap(name => {
    const setting = overlaid[name];
    const isGiven = options[name as keyof OpenOptions] !== undefined;
    return setting === undefined || isGiven ? [] : [[name, setting.value]];
  });
  return { ...settings, ...Object.fromEntries(set) };
}
