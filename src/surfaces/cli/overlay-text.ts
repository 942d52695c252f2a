import { stringify } from "../../base/numbers/exact-json.ts";
import type { BindVariable } from "../../language/document/declared-binds.ts";
import type { OverlaidSetting } from "../../language/model/overlaid-settings.ts";
import { alignColumns } from "./align-columns.ts";
import { oneLine } from "./input-usage.ts";

/** Returns the settings of overlays, a line each: the setting, its value, and its place. */
export function formatOverlay(settings: readonly OverlaidSetting[]): string[] {
  if (settings.length === 0) return [];
  const rows = settings.map(setting => [setting.setting, valueText(setting.value), settingPlace(setting)]);
  return ["", "Overlay:", ...alignColumns(rows, WIDEST_COLUMN).map(line => `  ${line}`)];
}

const WIDEST_COLUMN = 60;

/** Describes the place of a setting: that in the file, and the profile. */
export function settingPlace({ file, line, column, capability, profile }: OverlaidSetting): string {
  const place = file === undefined ? `overlays (${capability ?? "binds"})` : `${file}:${line}:${column}`;
  return profile === undefined ? place : `${place} (profile ${profile})`;
}

function valueText(value: unknown): string {
  if (value === undefined) return "";
  return oneLine(typeof value === "string" ? value : (stringify(value) ?? ""));
}

/** Returns the variables that overlays declare, as settings: the value is the place where they are looked up. */
export function overlaidBinds(variables: readonly BindVariable[]): OverlaidSetting[] {
  return variables
    .filter(({ fromConfig }) => fromConfig)
    .map(({ namespace, name, key, location, source }) => ({
      setting: `binds.${namespace}.${name}`,
      value: location ?? key,
      ...(source === undefined ? {} : { file: source.file, line: source.line, column: source.column }),
    }));
}
