import { describe, expect, it } from "vitest";
import { callOptions, openOptions, waitOptions } from "../../../src/engine/options.ts";
import { readOptions } from "../../../src/surfaces/cli/read-options.ts";

const TIMES = ["timeout", "connect-timeout", "deadline", "bind-timeout", "max-decode-time"];

describe("readOptions()", () => {
  it.each([
    ["0", 0],
    ["0s", 0],
    ["250", 250],
    ["2147483647", 2_147_483_647],
    ["500ms", 500],
    ["5s", 5_000],
    ["1.5m", 90_000],
    ["1h", 3_600_000],
  ])("reads %s of every time as milliseconds", (text, ms) => {
    for (const name of TIMES) expect(Object.values(readOptions(openOptions, new Map([[name, [text]]])))).toEqual([ms]);
  });

  it.each(["-1", "1.5", "5x", "", "5 s"])("refuses %j for every time", text => {
    for (const name of TIMES)
      expect(() => readOptions(openOptions, new Map([[name, [text]]]))).toThrow(
        `Option --${name} takes a number of milliseconds, or a duration such as 500ms, 5s, 2m or 1h, found ${JSON.stringify(text)}`,
      );
  });

  it.each([
    ["timeout", "2147483648", "takes at most 2147483647 ms"],
    ["deadline", "9999h", "takes at most 2147483647 ms"],
  ])("tells the bound of --%s for %s", (name, text, words) => {
    expect(() => readOptions(openOptions, new Map([[name, [text]]]))).toThrow(
      `Option --${name} ${words}, found "${text}"`,
    );
  });

  it("tells the bound of a pause", () => {
    expect(() => readOptions(waitOptions, new Map([["every", ["0s"]]]))).toThrow(
      'Option --every takes at least 1 ms, found "0s"',
    );
  });

  it.each(["", " ", "a\nb", "\u0001", "é"])("refuses %j as a key, which a header cannot hold", text => {
    expect(() => readOptions(callOptions, new Map([["idempotency-key", [text]]]))).toThrow(
      `Option --idempotency-key cannot send ${JSON.stringify(text)} as a header`,
    );
  });

  it.each(["5", "0", "5 s", "-1s", "1d", ""])("refuses %j for a pause", text => {
    expect(() => readOptions(waitOptions, new Map([["every", [text]]]))).toThrow(
      `Option --every takes a duration such as 500ms, 5s, 2m or 1h, found ${JSON.stringify(text)}`,
    );
  });

  it("gives those that are given, by their names in the library", () => {
    const given = new Map([
      ["no-implied-auth", ["true"]],
      ["allow-host", ["a.test", "b.test"]],
      ["retries", ["0"]],
      ["egress", ["public"]],
      ["unknown", ["x"]],
    ]);
    expect(readOptions(openOptions, given)).toEqual({
      impliedAuthentication: false,
      allowHosts: ["a.test", "b.test"],
      retries: 0,
      egress: "public",
    });
  });
});
