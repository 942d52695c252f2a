import { Scripts } from "../../src/engine/scripts/scripts.ts";
import type { ScriptingSettings, ScriptStep } from "../../src/language/model/exposed/types.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Makes a script step. */
export function scriptStep(more: Partial<ScriptStep>): ScriptStep {
  return {
    type: "script",
    name: "totals",
    uses: [],
    condition: undefined,
    forEach: undefined,
    retry: undefined,
    timeoutMs: undefined,
    continueOnError: false,
    pointer: "/capability",
    language: "javascript",
    location: undefined,
    directory: undefined,
    file: "main.js",
    dependencies: [],
    with: [],
    ...more,
  };
}

/** Settings of scripts, with the defaults of the language. */
export function scripting(more: Partial<ScriptingSettings>): ScriptingSettings {
  return {
    enabled: undefined,
    defaultLocation: undefined,
    defaultLanguage: undefined,
    timeoutMs: 60_000,
    statementLimit: 100_000,
    allowedLanguages: undefined,
    ...more,
  };
}

/** Makes the scripts of a capability beside `main.js` and other files. */
export async function scriptsIn(
  files: Readonly<Record<string, string>>,
  settings: Partial<ScriptingSettings> = {},
): Promise<Scripts> {
  const directory = await temporaryFolder(files);
  return new Scripts(scripting({ defaultLocation: "file:///./", ...settings }), {
    directory,
    cwd: "/",
    roots: [],
    env: {},
    numbers: "bigint",
  });
}

/** Runs a script. */
export async function runScript(
  text: string,
  context: unknown = {},
  settings: Partial<ScriptingSettings> = {},
): Promise<unknown> {
  const scripts = await scriptsIn({ "main.js": text }, settings);
  return scripts.run(scriptStep({}), context, undefined);
}
