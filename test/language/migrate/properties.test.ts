import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { normalise } from "../../../src/language/document/dialect/normalise.ts";
import { migrateText } from "../../../src/language/migrate/migrate-text.ts";
import { meaning } from "./meaning.ts";
import { randomCapability } from "./random-capability.ts";

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

describe("migrateText() of a random file", () => {
  const files = SEEDS.map(seed => ({ seed, ...randomCapability(seed) }));
  const findings: string[] = [];

  test("keeps meaning and comments, and changes nothing the second time", () => {
    for (const { seed, text, comments } of files) {
      const once = migrateText(text);
      if (!once.ok) throw new Error(`seed ${seed}: ${once.finding.message}`);
      const hint = `seed ${seed}`;
      expect(meaning(parse(once.text)), hint).toEqual(meaning(parse(text)));
      expect(read(once.text), hint).toEqual(read(text));
      expect(commentsIn(once.text, comments), hint).toEqual(comments.map(() => 1));
      expect(migrateText(once.text), hint).toMatchObject({ ok: true, text: once.text });
      expect(once.text, hint).not.toMatch(/^naftiko:/m);
      findings.push(...once.findings.map(({ message }) => message));
    }
  });

  test.each(["\r\n", "\n    consumes:", "[", "{ name:", " |", "steps:", "- name:", "\t#"])(
    "may have %j in it",
    part => {
      expect(files.filter(({ text }) => text.includes(part)).length).toBeGreaterThan(SEEDS.length / 20);
    },
  );

  test.each(["repeats", "has no name"])("may have a list that stays one: %s", reason => {
    expect(findings.filter(message => message.includes(reason)).length).toBeGreaterThan(2);
  });
});

/** Returns the value that the stages behind reading get. */
function read(yaml: string): unknown {
  const { value } = normalise({ name: "random", value: parse(yaml) });
  // Imports are read behind this, under both names.
  const text = JSON.stringify({ ...(value as object), naftiko: "any" });
  return JSON.parse(text.replaceAll('"location":', '"from":'));
}

/** Counts each comment in a text: behind white space, to the end of the line. */
function commentsIn(text: string, comments: readonly string[]): number[] {
  const lines = text.split(/\r?\n/).map(line => ` ${line}`);
  return comments.map(
    comment => lines.filter(line => line.endsWith(` ${comment}`) || line.endsWith(`\t${comment}`)).length,
  );
}
