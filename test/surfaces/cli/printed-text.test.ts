import { describe, expect, it } from "vitest";
import {
  printData,
  printLines,
  printWorkflowCommand,
  quotedLines,
  styled,
} from "../../../src/surfaces/cli/printed-text.ts";

describe("printLines()", () => {
  it.each([
    { of: "a line break", line: "a\nb\r\nc", printed: "a\\nb\\u000d\\nc" },
    { of: "a tab", line: "a\tb", printed: "a\tb" },
    { of: "colours of others", line: "\u001b[31mred", printed: "\\u001b[31mred" },
    { of: "emoji and joined letters", line: "👩‍👩‍👧 ❤️ می‌خواهم", printed: "👩‍👩‍👧 ❤️ می‌خواهم" },
    { of: "characters beyond the basic plane", line: "a\u{e0041}b", printed: "a\\udb40\\udc41b" },
    { of: "a command", line: "::error::x", printed: "\\u003a:error::x" },
    { of: "a command behind white space", line: "\u3000 \t::error::x", printed: "\u3000 \t\\u003a:error::x" },
    { of: "a command in the middle", line: "a ::error::x", printed: "a ::error::x" },
    { of: "an old command anywhere", line: "a ###[error]x", printed: "a ##\\u0023[error]x" },
    { of: "a command of Azure Pipelines", line: "a ##vso[task.x]y", printed: "a #\\u0023vso[task.x]y" },
    { of: "a command of TeamCity", line: "##teamcity[x]", printed: "#\\u0023teamcity[x]" },
    { of: "a heading", line: "## Title [x]", printed: "## Title [x]" },
    { of: "a command across parts", line: ["a#", styled("red", "#vso"), "[x]"], printed: "a#\\u0023vso[x]" },
    { of: "a command across styled parts", line: [styled("red", " :"), ":x"], printed: " \\u003a:x" },
  ])("keeps $of from steering", ({ line, printed }) => {
    expect(printLines([line])).toBe(`${printed}\n`);
  });

  it("colours parts behind the escapes", () => {
    const paint = (format: unknown, text: string) => `<${format}>${text}</>`;
    expect(printLines([[styled("red", "a\n"), "b"]], paint)).toBe("<red>a\\n</>b\n");
  });

  it("leaves JSON the same value", () => {
    const value = { "::a": "##[error]\u001b\u2028\u{e0041}\n" };
    expect(JSON.parse(printLines([JSON.stringify(value)]))).toEqual(value);
  });
});

it("quotedLines() puts each line behind a prefix", () => {
  expect(quotedLines("a\r\n::b\n\nc")).toEqual(["| a", "| ::b", "| ", "| c"]);
});

it("printData() changes nothing but for a terminal", () => {
  expect(printData("a\u001b\r\n::b", {})).toBe("a\u001b\r\n::b");
  expect(printData("a\u001b\r\n::b", { isTTY: true })).toBe("a\\u001b\n::b");
});

it("printWorkflowCommand() escapes values as a runner of GitHub decodes them", () => {
  expect(printWorkflowCommand("error", { file: "a,b:\n%.yaml", line: 1 }, "x\n::y 100%\u001b")).toBe(
    "::error file=a%2Cb%3A%0A%25.yaml,line=1::x%0A::y 100%25\\u001b\n",
  );
});
