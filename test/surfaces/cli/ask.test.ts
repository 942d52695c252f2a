import { PassThrough } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { Asker } from "../../../src/surfaces/cli/ask.ts";
import type { Terminal } from "../../../src/surfaces/cli/command-context.ts";

const DOWN = "\u001b[B";
const LENGTHS = [
  { value: "short", label: "Short" },
  { value: "long", label: "Long", hint: "of many words" },
];

it.each<{ what: string; ask: (at: Asker) => Promise<unknown>; keys: string[]; answer: unknown }>([
  { what: "a text", ask: at => at.text({ message: "Name" }), keys: ["books\r"], answer: "books" },
  { what: "an empty text", ask: at => at.text({ message: "Name" }), keys: ["\r"], answer: "" },
  {
    what: "the usual text",
    ask: at => at.text({ message: "Name", usual: "books" }),
    keys: ["\r"],
    answer: "books",
  },
  {
    what: "a text again that will not do",
    ask: at => at.text({ message: "Age", problem: text => (/^\d+$/.test(text) ? undefined : "Write a number") }),
    keys: ["x\r", "\u007f7\r"],
    answer: "7",
  },
  {
    what: "a secret",
    ask: at => at.secret({ message: "Token" }),
    keys: ["hidden-words\r"],
    answer: "hidden-words",
  },
  {
    what: "the marked choice",
    ask: at => at.choice({ message: "Length", choices: LENGTHS, usual: "long" }),
    keys: ["\r"],
    answer: "long",
  },
  {
    what: "another choice",
    ask: at => at.choice({ message: "Length", choices: LENGTHS }),
    keys: [DOWN, "\r"],
    answer: "long",
  },
  { what: "yes or no", ask: at => at.yesNo({ message: "Go on?" }), keys: ["n"], answer: false },
])("asks for $what", async ({ ask, keys, answer }) => {
  const terminal = fakeTerminal();
  const asked = ask(new Asker(terminal));
  for (const key of keys) await terminal.press(key);
  expect(await asked).toBe(answer);
  expect(terminal.isRaw()).toBe(false);
  expect(terminal.shown()).not.toContain("hidden-words");
});

it.each([
  { by: "Ctrl-C", leave: (terminal: FakeTerminal) => terminal.press("\u0003") },
  { by: "Ctrl-D", leave: (terminal: FakeTerminal) => terminal.press("\u0004") },
  { by: "the end of its input", leave: (terminal: FakeTerminal) => terminal.input.end() },
  { by: "an interrupt", leave: (terminal: FakeTerminal) => terminal.interrupt() },
])("a question that is left by $by is ABORTED, and the terminal is as before", async ({ leave }) => {
  const terminal = fakeTerminal();
  const asked = expect(new Asker(terminal).text({ message: "Name" })).rejects.toMatchObject({ code: "ABORTED" });
  await terminal.press("bo");
  await leave(terminal);
  await asked;
  await nextTurn();
  expect(terminal.isRaw()).toBe(false);
  // The cursor is shown again.
  expect(terminal.shown().lastIndexOf("\u001b[?25h")).toBeGreaterThan(terminal.shown().lastIndexOf("\u001b[?25l"));
});

it("a question shows no text of others that steers the terminal, and without colours none", async () => {
  const terminal = fakeTerminal();
  const asked = new Asker(terminal).choice({
    message: "One\u001b[31m of\u202e these",
    choices: [{ value: "a", label: "\u001b]0;title\u0007", hint: "\u0000" }],
  });
  await terminal.press("\r");
  await asked;
  expect(terminal.shown()).toContain("One\\u001b[31m of\\u202e these");
  expect(terminal.shown()).toContain("\\u001b]0;title\\u0007");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them
  expect(terminal.shown()).not.toMatch(/\u001b\[3\d|\u001b\]|\u202e|\0/);
});

type FakeTerminal = ReturnType<typeof fakeTerminal>;

function fakeTerminal() {
  const interrupt = new AbortController();
  let raw = false;
  let shown = "";
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(mode: boolean) {
      raw = mode;
    },
  });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  output.on("data", data => {
    shown += data;
  });
  return {
    // What a question uses of a terminal's streams.
    input: input as unknown as Terminal["input"] & PassThrough,
    output: output as unknown as Terminal["output"],
    hasColour: false,
    signal: interrupt.signal,
    async press(keys: string) {
      await nextTurn();
      input.write(keys);
      await nextTurn();
    },
    interrupt: () => interrupt.abort(),
    isRaw: () => raw,
    shown: () => shown,
  };
}
