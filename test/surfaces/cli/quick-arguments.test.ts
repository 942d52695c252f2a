import { expect, it } from "vitest";
import yargs from "yargs";
import type { CommandModule } from "../../../src/surfaces/cli/command-module.ts";
import { importCommand } from "../../../src/surfaces/cli/commands/import.ts";
import { listCommand } from "../../../src/surfaces/cli/commands/list.ts";
import { loginCommand } from "../../../src/surfaces/cli/commands/login.ts";
import { validateCommand } from "../../../src/surfaces/cli/commands/validate.ts";
import { GLOBAL_OPTIONS } from "../../../src/surfaces/cli/global-options.ts";
import { readArguments } from "../../../src/surfaces/cli/quick-arguments.ts";

const list = listCommand as CommandModule;
const validate = validateCommand as CommandModule;
const login = loginCommand as CommandModule;
const imports = importCommand as CommandModule;

// Arguments that yargs and the command's own reader read alike.
it.each([
  { command: list, args: [] },
  { command: list, args: ["book", "shop"] },
  { command: list, args: ["00123", "1e3", "true"] },
  { command: list, args: ["", "é"] },
  { command: list, args: ["--dir", "a", "--output", "json"] },
  { command: list, args: ["--dir=a", "book", "--dir", "b", "--dir=c=d"] },
  { command: list, args: ["--output=json", "--no-color", "--allow-import", "x y"] },
  { command: list, args: ["--verbose", "--no-pager", "a"] },
  { command: validate, args: ["a.yaml", "b.yaml", "--strict", "--fail-on", "warning", "--ignore", "x"] },
  { command: login, args: ["shop", "--device", "--port", "80"] },
  { command: login, args: ["shop", "api", "--base-uri", "a=http://b.test", "--base-uri", "http://c.test"] },
  { command: imports, args: ["openapi", "shop.json"] },
  { command: imports, args: ["openapi", "shop.json", "-o", "shop.yaml", "-n", "shop", "--force", "--quiet"] },
  {
    command: imports,
    args: ["-f", "json", "openapi", "http://a.test/b?c=d", "--split", "tag", "--out=x", "--timeout", "3"],
  },
  { command: imports, args: ["openapi", "a", "--allow-host", "b", "--allow-host", "c", "--egress", "public"] },
  { command: imports, args: ["curl", "curl -H 'a: b' https://c.test"] },
  { command: imports, args: ["curl", ""] },
])("reads $args as yargs does", async ({ command, args }) => {
  let expected: object = {};
  await yargs()
    .parserConfiguration({
      "boolean-negation": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
    })
    .command(command.command, command.describe, command.builder, argv => {
      expected = argv;
    })
    .options(GLOBAL_OPTIONS)
    .parseAsync([command.command.split(" ", 1)[0] ?? "", ...args]);
  const { _, $0, ...found } = readArguments(command, args) ?? {};
  expect(expected).toMatchObject(found);
  expect(found).toMatchObject(withoutAbsent(expected));
});

/** Leaves out what yargs adds for itself, and the short names. */
function withoutAbsent(argv: object): object {
  const own = Object.entries(argv).filter(([name, value]) => value !== undefined && !["_", "$0", "v"].includes(name));
  return Object.fromEntries(own);
}

it.each([
  ["--help"],
  ["-h"],
  ["--version"],
  ["-v"],
  ["--"],
  ["--", "a"],
  ["--unknown"],
  ["--dir"],
  ["--dir="],
  ["--dir", "--output"],
  ["--output", "yaml"],
  ["--output", "json", "--output", "text"],
  ["--no-color=maybe"],
  ["-x"],
])("leaves %s %s to yargs", (...args) => {
  expect(readArguments(list, args)).toBeUndefined();
});

it.each([
  { command: login, args: [] },
  { command: login, args: ["a", "b", "c"] },
  { command: validate, args: [] },
  { command: imports, args: ["openapi"] },
  { command: imports, args: ["raml", "a"] },
  { command: imports, args: ["curl", "-"] },
  { command: imports, args: ["openapi", "a", "-o"] },
  { command: imports, args: ["openapi", "a", "-ofile"] },
  { command: imports, args: ["openapi", "a", "-f", "toml"] },
  { command: imports, args: ["openapi", "a", "-o", "b", "-o", "c"] },
  { command: imports, args: ["curl", "a", "-n", "b", "--namespace=c"] },
])("leaves $args, which has a fault or a sign of its own, to yargs", ({ command, args }) => {
  expect(readArguments(command, args)).toBeUndefined();
});
