import type { Environment } from "../../base/environment.ts";
import { parseExact, stringify } from "../../base/numbers/exact-json.ts";
import type { NumberForm } from "../../base/numbers/exact-number.ts";
import { mayHoldLargeNumber } from "../../base/numbers/large-numbers.ts";
import { RemediedError } from "../../base/remedy.ts";
import { thrownText } from "../../base/thrown-text.ts";
import { visibleLine } from "../../base/visible-text.ts";
import { DEFAULT_SCRIPTING } from "../../language/model/exposed/control-settings.ts";
import type { ScriptingSettings, ScriptStep } from "../../language/model/exposed/types.ts";
import { requireBounded } from "../formats/json-bounds.ts";
import { scriptError } from "./script-error.ts";
import { ScriptFiles, type ScriptPlaces } from "./script-files.ts";
import { PoolFullError, runInPool } from "./script-pool.ts";
import type { ScriptReply, ScriptSource } from "./script-worker.ts";

/** What scripts of a capability take from how it was opened. */
interface ScriptSurroundings extends ScriptPlaces {
  readonly env: Environment;
  /** Folder of the capability file, where a relative `defaultLocation` starts. `undefined`: the document is no file. */
  readonly directory: string | undefined;
  /** Form of large numbers in results. */
  readonly numbers: NumberForm;
}

/** How the scripts of a capability went. */
interface ScriptStats {
  readonly totalExecutions: number;
  readonly totalErrors: number;
  readonly averageDurationMs: number;
  /** Milliseconds since 1970. `undefined`: none was run. */
  readonly lastExecutionAt: number | undefined;
}

/** The languages that the specification names, and whether scripts of it are run here. */
export const scriptLanguages: Readonly<Record<string, boolean>> = { javascript: true, python: false, groovy: false };

/** Most characters of the context of a script as JSON. */
const MAX_CONTEXT_CHARACTERS = 16 * 1024 * 1024;

/** The scripts of an opened capability. */
export class Scripts {
  readonly #surroundings: ScriptSurroundings;
  readonly #files: ScriptFiles;
  #settings: ScriptingSettings;
  #executions = 0;
  #errors = 0;
  #durationMs = 0;
  #lastAt: number | undefined;

  constructor(settings: ScriptingSettings | undefined, surroundings: ScriptSurroundings) {
    this.#settings = settings ?? DEFAULT_SCRIPTING;
    this.#surroundings = surroundings;
    this.#files = new ScriptFiles(surroundings);
  }

  get settings(): ScriptingSettings {
    return this.#settings;
  }

  /** Tells whether scripts are run. */
  get isEnabled(): boolean {
    const { env } = this.#surroundings;
    const isOff = [env.NAFTIKO_SCRIPTING, env.IKANOS_SCRIPTING].some(value => value?.trim().toLowerCase() === "false");
    return this.#settings.enabled ?? !isOff;
  }

  get stats(): ScriptStats {
    return {
      totalExecutions: this.#executions,
      totalErrors: this.#errors,
      averageDurationMs: this.#executions === 0 ? 0 : this.#durationMs / this.#executions,
      lastExecutionAt: this.#lastAt,
    };
  }

  /** Replaces settings. Scripts that run already keep those that they began with. */
  change(settings: Partial<ScriptingSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
  }

  /**
   * Runs the script of a step.
   *
   * @param context the value that the script has as `context`; it goes there as JSON
   * @param signal ends the script at once; its reason is thrown
   * @returns the JSON form of its `result`; `undefined` if it assigned none
   * @throws CapabilityError `SCRIPT_FAILED`
   */
  async run(step: ScriptStep, context: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    this.#executions++;
    const start = performance.now();
    this.#lastAt = Date.now();
    try {
      return await this.#run(step, context, signal);
    } catch (error) {
      this.#errors++;
      throw error;
    } finally {
      this.#durationMs += performance.now() - start;
    }
  }

  async #run(step: ScriptStep, context: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    const { timeoutMs, statementLimit } = this.#settings;
    this.#requireAllowed(step);
    const sources = await this.#read(step);
    const text = contextText(step, context);
    const task = {
      sources,
      context: text,
      hasLargeNumbers: mayHoldLargeNumber(text, Buffer.from(text, "latin1"), "bigint"),
      limits: { timeoutMs, statementLimit },
    };
    const reply = await runInPool(task, signal).catch(error => {
      throw error instanceof PoolFullError ? scriptError(step, "busy", error.message) : error;
    });
    return this.#resultOf(step, reply);
  }

  #requireAllowed(step: ScriptStep): void {
    if (!this.isEnabled) {
      const why =
        this.#settings.enabled === false ? "management.scripting.enabled is false" : "the environment says so";
      throw scriptError(step, "disabled", `scripts are switched off: ${why}`);
    }
    const { defaultLanguage, allowedLanguages } = this.#settings;
    const language = step.language ?? defaultLanguage;
    if (language === undefined) {
      throw scriptError(step, "language", 'no language is given: write "language: javascript", or set defaultLanguage');
    }
    if (allowedLanguages !== undefined && !allowedLanguages.includes(language)) {
      const allowed = allowedLanguages.join(", ");
      throw scriptError(step, "language", `scripts in "${language}" are not allowed, only in: ${allowed}`);
    }
    if (language !== "javascript") {
      throw scriptError(step, "language", `scripts in "${language}" cannot be run here: write it in javascript`);
    }
  }

  async #read(step: ScriptStep): Promise<readonly ScriptSource[]> {
    const { location = this.#settings.defaultLocation } = step;
    const { directory } = step.location === undefined ? this.#surroundings : step;
    if (location === undefined) {
      throw scriptError(step, "file", 'no folder is given: write "location: file:///…", or set defaultLocation');
    }
    try {
      return await Promise.all(
        [...step.dependencies, step.file].map(name => this.#files.read(name, location, directory)),
      );
    } catch (error) {
      const remedy = RemediedError.remedyOf(error);
      throw scriptError(step, "file", `the script cannot be read: ${thrownText(error)}`, remedy && [remedy]);
    }
  }

  #resultOf(step: ScriptStep, reply: ScriptReply): unknown {
    if (reply.kind === "fault") {
      const { fault, message, place = step.file } = reply;
      throw scriptError(step, fault, `script ${place}: ${visibleLine(message)}`);
    }
    if (reply.text === undefined) return undefined;
    try {
      requireBounded(reply.text);
      return parseExact(reply.text, this.#surroundings.numbers);
    } catch (error) {
      throw scriptError(step, "result", `script ${step.file}: its result cannot be used: ${thrownText(error)}`);
    }
  }
}

function contextText(step: ScriptStep, context: unknown): string {
  const text = stringify(context) ?? "null";
  if (text.length <= MAX_CONTEXT_CHARACTERS) return text;
  const problem = `its context has ${text.length} characters as JSON, and may have ${MAX_CONTEXT_CHARACTERS}`;
  throw scriptError(step, "memory", problem);
}
