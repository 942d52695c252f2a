import { describe, expect, it } from "vitest";
import { isCapabilityError } from "../../../src/base/capability-error.ts";
import { isRunOption, runFlags } from "../../../src/surfaces/cli/run-options.ts";
import { scanArguments } from "../../../src/surfaces/cli/scan-arguments.ts";
import { randomFrom } from "../../support/seeded-random.ts";

const PIECES = [
  "a",
  "B",
  "7",
  ".",
  "-",
  "_",
  "[",
  "]",
  "$",
  "no-",
  "é",
  "😀",
  " ",
  '"',
  "'",
  "{",
  "}",
  "@",
  "\n",
  "i",
  "h",
  "input",
  "__proto__",
  "true",
];

describe("scanArguments()", () => {
  it.each([
    ["ai", "gh", "li", "hi=x"],
    ["i", "h"],
  ])("takes words without a dash for operands: %s", (...words) => {
    expect(scanArguments(words)).toMatchObject({ operands: words, inputs: [] });
  });

  it("hands every name and value back as it was written", () => {
    const random = randomFrom(20_261_124);
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
    const text = (longest: number) =>
      Array.from({ length: Math.floor(random() * longest) }, () => pick(PIECES)).join("");
    for (let round = 0; round < 5_000; round++) {
      const args: string[] = ["capability", "operation"];
      const expected: (readonly [string, string | true])[] = [];
      for (let count = Math.floor(random() * 5); count > 0; count--) {
        const name = `x${text(4)}`;
        const value = pick([text(6), `-${text(3)}`, "-5", "-1.5", "--y", "=", "a=b", "-", "--"]);
        const form = pick(["apart", "joined", "short", "long", "none"]);
        if (form === "joined" || (form === "apart" && value.startsWith("--"))) args.push(`--${name}=${value}`);
        else if (form === "apart") args.push(`--${name}`, value);
        else if (form === "short") args.push("-i", `${name}=${value}`);
        else if (form === "long") args.push(`--input=${name}=${value}`);
        else args.push(`--${name}`, "--quiet");
        expected.push([name, form === "none" ? true : value]);
      }
      const { inputs, operands } = scanArguments(args);
      expect({ args, inputs, operands }).toEqual({
        args,
        inputs: expected,
        operands: ["capability", "operation"],
      });
    }
  });

  it("never fails in another way than with a usage error", () => {
    const random = randomFrom(7);
    const tokens = [
      ...[...runFlags.keys()].map(name => `--${name}`),
      "--",
      "-",
      "-i",
      "-h",
      "=",
      "--=",
      "--x",
      "--x=",
      "-x",
      "",
      "a=b",
      "--input=",
      "--mock=x",
    ];
    for (let round = 0; round < 5_000; round++) {
      const args = Array.from(
        { length: Math.floor(random() * 6) },
        () => tokens[Math.floor(random() * tokens.length)] as string,
      );
      try {
        scanArguments(args);
      } catch (error) {
        expect(isCapabilityError(error, "USAGE"), `${JSON.stringify(args)}: ${error}`).toBe(true);
      }
    }
  });

  it.each([
    {
      args: ["--i", "5", "--h", "6"],
      inputs: [
        ["i", "5"],
        ["h", "6"],
      ],
      options: {},
    },
    { args: ["--", "--output", "x"], inputs: [["output", "x"]], options: {} },
    { args: ["--", "--", "--x", "1"], inputs: [["x", "1"]], options: {} },
    { args: ["--output", "json", "--output=yaml"], inputs: [], options: { output: ["json", "yaml"] } },
    { args: ["--dir", "-a", "--dir="], inputs: [], options: { dir: ["-a", ""] } },
    { args: ["--quiet", "--mock=false"], inputs: [], options: { quiet: ["true"], mock: ["false"] } },
    {
      args: ["-h", "--input", "a=1", "-i=b=2"],
      inputs: [
        ["a", "1"],
        ["b", "2"],
      ],
      options: { help: ["true"] },
    },
  ])("reads $args", ({ args, inputs, options }) => {
    const scanned = scanArguments(args);
    expect(scanned.inputs).toEqual(inputs);
    expect(Object.fromEntries(scanned.options)).toEqual(options);
  });
});

describe("isRunOption()", () => {
  it("knows options by their exact name only", () => {
    expect(["output", "base-uri", "no-color"].every(isRunOption)).toBe(true);
    expect(["Output", "baseUri", "color", "i", "constructor", "__proto__", ""].some(isRunOption)).toBe(false);
  });
});
