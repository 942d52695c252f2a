import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import type { JsonObject } from "../../base/json-object.ts";
import { quoteValue } from "../../base/visible-text.ts";
import { type Scripts, scriptLanguages } from "../../engine/scripts/scripts.ts";
import type { ScriptingSettings } from "../../language/model/exposed/types.ts";
import type { InputProblem } from "../../serving/problem.ts";
import { Refusal } from "../../serving/refusal.ts";
import { readObject } from "./control-body.ts";
import type { ControlRoute } from "./control-route.ts";

export const scriptingRoutes: readonly ControlRoute[] = [
  {
    path: "/scripting",
    isOn: ({ management }) => management.scripting !== undefined,
    methods: {
      GET: async ({ runtime }) => ({ status: 200, value: described(await runtime.scripts) }),
      PUT: async ({ runtime, service }, { request }) => {
        const scripts = await runtime.scripts;
        const changes = changesIn(await readObject(request));
        scripts.change(changes);
        service.log.logger("control").info(`scripting: ${Object.keys(changes).join(", ") || "nothing"} changed`);
        return { status: 200, value: described(scripts) };
      },
    },
  },
];

function described({ settings, isEnabled, stats }: Scripts) {
  const { defaultLocation, defaultLanguage, timeoutMs, statementLimit, allowedLanguages } = settings;
  const { totalExecutions, totalErrors, averageDurationMs, lastExecutionAt } = stats;
  return {
    enabled: isEnabled,
    ...(defaultLocation === undefined ? {} : { defaultLocation }),
    ...(defaultLanguage === undefined ? {} : { defaultLanguage }),
    timeout: timeoutMs,
    statementLimit,
    ...(allowedLanguages === undefined ? {} : { allowedLanguages }),
    stats: {
      totalExecutions,
      totalErrors,
      averageDurationMs: Math.round(averageDurationMs * 100) / 100,
      ...(lastExecutionAt === undefined ? {} : { lastExecutionAt: new Date(lastExecutionAt).toISOString() }),
    },
  };
}

/** A setting: its name in the model, and what is wrong with a value. */
interface Setting {
  readonly member: keyof ScriptingSettings;
  problem(value: unknown): string | undefined;
}

const positive = (value: unknown) =>
  Number.isSafeInteger(value) && (value as number) >= 1 ? undefined : "it is not an integer of at least 1";

const SETTINGS: Readonly<Record<string, Setting>> = {
  enabled: {
    member: "enabled",
    problem: value => (typeof value === "boolean" ? undefined : "it is neither true nor false"),
  },
  defaultLocation: {
    member: "defaultLocation",
    problem: value =>
      typeof value === "string" && /^file:\/{2,3}[^/]/i.test(value) && !value.includes("\0")
        ? undefined
        : "it is not a URL that begins with file:///",
  },
  defaultLanguage: { member: "defaultLanguage", problem: languageProblem },
  timeout: {
    member: "timeoutMs",
    // Longer ones would be none: timers have 31 bits.
    problem: value => positive(value) ?? ((value as number) < 2 ** 31 ? undefined : "it is more than 24 days"),
  },
  statementLimit: { member: "statementLimit", problem: positive },
  allowedLanguages: {
    member: "allowedLanguages",
    problem: value => {
      if (!Array.isArray(value)) return "it is not a list";
      return value.map(languageProblem).find(problem => problem !== undefined);
    },
  },
};

function languageProblem(value: unknown): string | undefined {
  if (typeof value === "string" && Object.hasOwn(scriptLanguages, value)) return undefined;
  return `${quoteValue(value)} is none of ${Object.keys(scriptLanguages).join(", ")}`;
}

/**
 * Reads changes of the settings. Either all are taken or none.
 *
 * @throws Refusal 400
 */
function changesIn({ stats: _, ...given }: JsonObject): Partial<ScriptingSettings> {
  const problems: InputProblem[] = [];
  const changes: Partial<Record<keyof ScriptingSettings, unknown>> = {};
  for (const [name, value] of Object.entries(given)) {
    const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
    const detail =
      setting === undefined
        ? `there is no such setting${didYouMean(suggest(name, Object.keys(SETTINGS)))}`
        : setting.problem(value);
    if (detail !== undefined) problems.push({ input: name, in: "body", detail });
    else if (setting !== undefined) changes[setting.member] = value;
  }
  if (problems.length > 0) {
    const [first] = problems;
    throw new Refusal(400, `${first?.input}: ${first?.detail}`, {}, { errors: problems });
  }
  return changes as Partial<ScriptingSettings>;
}
