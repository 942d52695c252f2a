import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { runCommand } from "../support/run-command.ts";

// Whatever starts the command in deploy/ and the Dockerfile does it with options that the command has.

const root = path.resolve(import.meta.dirname, "../..");

function text(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

/** Returns the words of processes below a value: lists that begin with the name of a command. */
function wordsBelow(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value) && (value[0] === "serve" || value[0] === "worker")) return [value];
  return Object.values(value).flatMap(wordsBelow);
}

function unitWords(unit: string): string[] {
  const [, words = ""] = /^ExecStart=\/usr\/bin\/naftiko ((?:.*\\\n)*.*)$/m.exec(text(`deploy/systemd/${unit}`)) ?? [];
  return words.split(/[\s\\]+/);
}

const started: readonly (readonly [string, readonly string[][]])[] = [
  ["Dockerfile", [JSON.parse(/^CMD (.*)$/m.exec(text("Dockerfile"))?.[1] ?? "[]")]],
  ["deploy/compose", wordsBelow(parse(text("deploy/compose/compose.yaml"), { merge: true }))],
  [
    "deploy/kubernetes",
    readdirSync(path.join(root, "deploy/kubernetes")).flatMap(file =>
      parseAllDocuments(text(`deploy/kubernetes/${file}`)).flatMap(document => wordsBelow(document.toJS())),
    ),
  ],
  ["deploy/systemd", readdirSync(path.join(root, "deploy/systemd")).map(unitWords)],
];

async function optionsOf(command: string): Promise<ReadonlySet<string>> {
  const { stdout } = await runCommand([command, "--help"]);
  return new Set(Array.from(stdout.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm), ([, option = ""]) => option));
}

describe.each(started)("%s", (_file, processes) => {
  it("starts the command with options that it has", async () => {
    expect(processes).not.toEqual([]);
    for (const [command = "", ...words] of processes) {
      const known = await optionsOf(command);
      const options = words.flatMap(word => /^--[\w-]+/.exec(word) ?? []);
      expect(options).not.toEqual([]);
      for (const option of options) expect(known).toContain(option);
    }
  });
});
