import { describe, expect, it } from "vitest";
import { openOptions, waitOptions } from "../../../src/engine/options.ts";
import { readOptions } from "../../../src/surfaces/cli/read-options.ts";

const TIMES = ["timeout", "connect-timeout", "deadline", "bind-timeout", "max-decode-time"];

describe("readOptions()", () => {
  it.each([
    ["0", 0],
    ["250", 250],
    ["500ms", 500],
    ["5s", 5_000],
    ["1.5m", 90_000],
    ["1h", 3_600_000],
  ])("reads %s of every time as milliseconds", (text, ms) => {
    for (const name of TIMES)
      expect(Object.values(readOptions(openOptions, new Map([[name, [text]]])))).toEqual([ms]);
  });

  it.each(["5", "0", "0s", "5 s", "-1s", "1d", ""])("refuses %j for a pause", text => {
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
