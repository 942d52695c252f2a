import { expect, test } from "vitest";
import { SecretMask } from "../../src/base/mask-secrets.ts";
import { Log, type LogEntry } from "../../src/serving/log.ts";

function logOf(secret = "hidden-value"): { log: Log; written: LogEntry[] } {
  const written: LogEntry[] = [];
  const secrets = new SecretMask();
  secrets.add(secret);
  return { log: new Log(entry => written.push(entry), secrets), written };
}

test.each([
  { level: "debug", told: ["debug", "info", "warn", "error"] },
  { level: "info", told: ["info", "warn", "error"] },
  { level: "warn", told: ["warn", "error"] },
  { level: "error", told: ["error"] },
  { level: "off", told: [] },
] as const)("at the level $level, $told is told", ({ level, told }) => {
  for (const isOwn of [true, false]) {
    const { log, written } = logOf();
    const logger = log.logger("reload");
    if (isOwn) log.setLevel("reload", level);
    else log.level = level;
    for (const name of ["debug", "info", "warn", "error"] as const) logger[name](name);
    expect(written.map(entry => entry.message)).toEqual(told);
    expect(log.recent).toEqual(written);
  }
});

test("a logger has its own level until it has the common one again", () => {
  const { log } = logOf();
  log.logger("rest");
  log.logger("reload");
  expect(log.setLevel("rest", "debug")).toBe(true);
  expect(Object.fromEntries(log.levels)).toEqual({ rest: "debug", reload: "info" });
  log.setLevel("rest", undefined);
  expect(Object.fromEntries(log.levels)).toEqual({ rest: "info", reload: "info" });
  expect(log.setLevel("__proto__", "debug")).toBe(false);
});

test("an entry is one line without secrets, of bounded length", () => {
  const { log, written } = logOf();
  const { warn } = log.logger("rest");
  warn(`token hidden-value\nSecond line \u001b[31m`);
  warn("x".repeat(100_000));
  expect(written[0]).toEqual({
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    level: "warn",
    logger: "rest",
    message: "token ***\\nSecond line \\u001b[31m",
  });
  expect(written[1]?.message).toHaveLength(4_000);
});

test("the last 500 entries are kept, and subscribers get those that follow", () => {
  const { log } = logOf();
  const { info } = log.logger("rest");
  const got: string[] = [];
  for (let index = 0; index < 2_300; index++) info(`${index}`);
  const end = log.subscribe(({ message }) => got.push(message));
  info("a");
  end();
  info("b");
  expect(got).toEqual(["a"]);
  expect(log.recent).toHaveLength(500);
  expect(log.recent.slice(-2).map(({ message }) => message)).toEqual(["a", "b"]);
});
