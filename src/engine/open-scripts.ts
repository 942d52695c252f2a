import path from "node:path";
import type { ExposedModel } from "../language/model/exposed/types.ts";
import { Scripts } from "./scripts/scripts.ts";
import type { Opening } from "./surroundings.ts";

/** Opens the scripts of a capability. */
export function openScripts({ adapters }: ExposedModel, { source, settings, surroundings }: Opening): Scripts {
  const control = adapters.find(adapter => adapter.type === "control");
  const scripting = control?.management.scripting;
  return new Scripts(scripting, {
    directory: source.file === undefined ? undefined : path.dirname(source.file),
    cwd: surroundings.cwd,
    roots: settings.scriptRoots,
    env: settings.env,
    numbers: surroundings.numbers ?? settings.largeIntegers,
  });
}
