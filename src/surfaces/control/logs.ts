import { quoteValue } from "../../base/visible-text.ts";
import type { ControlAdapter } from "../../language/model/exposed/types.ts";
import { isLogLevel, type Log } from "../../serving/log.ts";
import { Refusal } from "../../serving/refusal.ts";
import { readObject } from "./control-body.ts";
import type { ControlRoute } from "./control-route.ts";
import { streamLog } from "./stream-log.ts";

export const logRoutes: readonly ControlRoute[] = [
  {
    path: "/logs",
    isOn: hasLevels,
    methods: {
      GET: ({ service: { log } }) => {
        const loggers = Array.from(log.levels, ([name, level]) => ({ name, level }));
        return { status: 200, value: { level: log.level, loggers, entries: log.recent } };
      },
    },
  },
  {
    path: "/logs/stream",
    isOn: ({ management }) => management.logs?.stream === true,
    methods: {
      GET: ({ service: { log }, adapter }, { request, reply }) => {
        streamLog(log, adapter.management.logs?.maxSubscribers ?? 0, request, reply);
        return undefined;
      },
    },
  },
  {
    path: "/logs/{logger}",
    isOn: hasLevels,
    methods: {
      GET: ({ service: { log } }, { name }) => ({ status: 200, value: loggerEntry(log, name) }),
      PUT: async ({ service: { log } }, { name, request }) => {
        const { level } = await readObject(request);
        if (level !== null && !(typeof level === "string" && isLogLevel(level))) {
          const levels = "debug, info, warn, error, off or null";
          const detail =
            level === undefined ? `it is missing: ${levels}` : `it is ${quoteValue(level)}, and not ${levels}`;
          throw new Refusal(400, `level: ${detail}`, {}, { errors: [{ input: "level", in: "body", detail }] });
        }
        if (!log.setLevel(name, level ?? undefined)) throw unknownLogger();
        log.logger("control").info(`level of ${name}: ${level ?? "the common one"}`);
        return { status: 200, value: loggerEntry(log, name) };
      },
    },
  },
];

function hasLevels({ management }: ControlAdapter): boolean {
  return management.logs?.levelControl === true;
}

function loggerEntry(log: Log, name: string) {
  const level = log.levels.get(name);
  if (level === undefined) throw unknownLogger();
  return { name, level, entries: log.recent.filter(({ logger }) => logger === name) };
}

function unknownLogger(): Refusal {
  return new Refusal(404, "There is no such logger: GET /logs lists them");
}
