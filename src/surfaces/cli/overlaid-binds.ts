import type { BindVariable } from "../../language/document/declared-binds.ts";
import type { OverlaidSetting } from "../../language/model/overlaid-settings.ts";

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
