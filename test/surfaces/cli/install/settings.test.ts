import { describe, expect, it } from "vitest";
import { jsonSettings } from "../../../../src/surfaces/cli/install/json-settings.ts";
import { type SettingsFormat, SettingsProblem } from "../../../../src/surfaces/cli/install/settings-format.ts";
import { tomlSettings } from "../../../../src/surfaces/cli/install/toml-settings.ts";

interface Case {
  readonly name: string;
  readonly before: string;
  /** Text that stands in place of `…` of the former text. Every other character stays. */
  readonly after: string;
}

const entry = { command: "node", args: ["a"] };

const jsonCases: Case[] = [
  {
    name: "nothing",
    before: "",
    after: '{\n  "s": {\n    "x": {\n      "command": "node",\n      "args": [\n        "a"\n      ]\n    }\n  }\n}\n',
  },
  {
    name: "comments, and a comma at the end",
    before: '{\n  // mine\n  "a": 1, /* why */\n  "s": {\n    "y": { "command": "z" }, // last\n  },\n}\n',
    after:
      '{\n  // mine\n  "a": 1, /* why */\n  "s": {\n    "y": { "command": "z" }, // last\n    "x": {\n      "command": "node",\n      "args": [\n        "a"\n      ]\n    },\n  },\n}\n',
  },
  {
    name: "tabs and the line ends of Windows",
    before: '{\r\n\t"s": {}\r\n}\r\n',
    after:
      '{\r\n\t"s": {\r\n\t\t"x": {\r\n\t\t\t"command": "node",\r\n\t\t\t"args": [\r\n\t\t\t\t"a"\r\n\t\t\t]\r\n\t\t}\r\n\t}\r\n}\r\n',
  },
  {
    name: "a comment behind the last server",
    before: '{\n  "s": {\n    "y": { "command": "z" } // mine\n  }\n}',
    after:
      '{\n  "s": {\n    "y": { "command": "z" }, // mine\n    "x": {\n      "command": "node",\n      "args": [\n        "a"\n      ]\n    }\n  }\n}',
  },
  {
    name: "other settings in one line",
    before: '{"a":1}',
    after: '{"a":1, "s": {"x":{"command":"node","args":["a"]}}}',
  },
  {
    name: "an empty object with a comment",
    before: '{\n    "s": {\n        // none yet\n    }\n}\n',
    after:
      '{\n    "s": {\n        "x": {\n            "command": "node",\n            "args": [\n                "a"\n            ]\n        }\n        // none yet\n    }\n}\n',
  },
  {
    name: "an entry with members of the user's",
    before: '{ "s": { "x": { "command": "old", "disabled": true, "args": [] } }, "n": 9007199254740993 }',
    after: '{ "s": { "x": { "command": "node", "disabled": true, "args": [\n  "a"\n] } }, "n": 9007199254740993 }',
  },
];

const tomlCases: Case[] = [
  { name: "nothing", before: "", after: '[s.x]\ncommand = "node"\nargs = [ "a" ]\n' },
  {
    name: "comments, dates and large numbers",
    before: '# mine\nn = 9007199254740993 # large\nd = 1979-05-27T07:32:00Z\n\n[s.y]\ncommand   =   "z" # last\n',
    after:
      '# mine\nn = 9007199254740993 # large\nd = 1979-05-27T07:32:00Z\n\n[s.y]\ncommand   =   "z" # last\n\n[s.x]\ncommand = "node"\nargs = [ "a" ]\n',
  },
  {
    name: "no line end at the end, and those of Windows",
    before: 'a = 1\r\n[b]\r\nc = "d"',
    after: 'a = 1\r\n[b]\r\nc = "d"\r\n\r\n[s.x]\r\ncommand = "node"\r\nargs = [ "a" ]\r\n',
  },
  {
    name: "servers in one line",
    before: 's = { y = { command = "z" } }\n',
    after: 's = { y = { command = "z" }, x = { command = "node", args = [ "a" ] } }\n',
  },
  {
    name: "an entry with members of the user's",
    before:
      '[s.x]\ncommand = "old" # was\ndisabled = true\nargs = []\n\n[s.x.tools.t]\nmode = "ask"\n\n# end\n[z]\nq = 1\n',
    after:
      '[s.x]\ncommand = "node" # was\ndisabled = true\nargs = ["a"]\n\n[s.x.tools.t]\nmode = "ask"\n\n# end\n[z]\nq = 1\n',
  },
];

const formats: { readonly name: string; readonly format: SettingsFormat; readonly cases: readonly Case[] }[] = [
  { name: "JSON", format: jsonSettings, cases: jsonCases },
  { name: "TOML", format: tomlSettings, cases: tomlCases },
];

describe.each(formats)("settings in $name", ({ format, cases }) => {
  it.each(cases)("keep the rest: $name", ({ before, after }) => {
    const text = format.withServer(before, "s", "x", entry);
    expect(text).toBe(after);
    expect(format.withServer(text, "s", "x", entry)).toBe(text);
    expect(format.servers(text, "s")["x"]).toMatchObject(entry);
  });
});

const faults: { readonly format: SettingsFormat; readonly text: string; readonly place: object }[] = [
  { format: jsonSettings, text: '{\n  "s": {\n  "x" 1 }', place: { line: 3, column: 7 } },
  { format: jsonSettings, text: "[]", place: { line: 1, column: 1 } },
  { format: jsonSettings, text: '{ "s": [] }', place: { line: 1, column: 8 } },
  { format: jsonSettings, text: '{ "s": "token-of-mine" }', place: { line: 1, column: 8 } },
  { format: tomlSettings, text: 'a = 1\nkey = "token-of-mine\n', place: { line: 2 } },
  { format: tomlSettings, text: "s = 1", place: {} },
];

describe("settings that cannot be changed", () => {
  it.each(faults)("are told with their place: $text", ({ format, text, place }) => {
    const read = () => format.servers(text, "s");
    expect(read).toThrow(SettingsProblem);
    expect(read).toThrow(expect.objectContaining(place));
    expect(read).not.toThrow(/token-of-mine/);
  });
});
