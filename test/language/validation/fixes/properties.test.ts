import { expect, test } from "vitest";
import { parse } from "yaml";
import { normalise } from "../../../../src/language/document/dialect/normalise.ts";
import { fixText } from "../../../../src/language/validation/fixes/fix-text.ts";
import { findDepartures } from "../../../../src/language/validation/published/find-departures.ts";
import { randomCapability } from "../../migrate/random-capability.ts";

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

/** Puts departures that can be mended into a text, without moving a comment. */
function disturb(text: string): string {
  return text
    .replace(/\bdisplay:/g, "label:")
    .replace(/\blabel:/, "display:")
    .replaceAll(/^( +)in: (header|query)(\r?\n)/gm, "$1in: $2$3$1value: 7$3")
    .replaceAll(/\bin: (header|query)(?= ?[,}])/g, "in: $1, value: true");
}

test("fixText() of a random file keeps meaning and comments, and changes nothing the second time", async () => {
  const rules: string[] = [];
  for (const seed of SEEDS) {
    const { text, comments } = randomCapability(seed);
    const disturbed = disturb(text);
    const hint = `seed ${seed}`;
    const once = await fixText(disturbed);
    expect(parsed(once.text), hint).toEqual(parsed(disturbed));
    expect(commentsIn(once.text, comments), hint).toEqual(commentsIn(disturbed, comments));
    expect(await fixText(once.text), hint).toEqual({ text: once.text, fixes: [] });
    const before = (await findDepartures(parse(disturbed))).length;
    expect((await findDepartures(parse(once.text))).length, hint).toBeLessThanOrEqual(before);
    rules.push(...once.fixes.map(({ rule }) => rule));
  }
  expect(rules.filter(rule => rule === "unknown-key").length).toBeGreaterThan(12);
  expect(rules.filter(rule => rule === "value-type").length).toBeGreaterThan(3);
});

/**
 * Returns the value that the stages behind reading get; numbers and booleans as their texts, and empty lists left out.
 */
function parsed(text: string): unknown {
  const { value } = normalise({ name: "random", value: parse(text) });
  const written = JSON.stringify(value, (_, member: unknown) => {
    if (Array.isArray(member) && member.length === 0) return undefined;
    return typeof member === "number" || typeof member === "boolean" ? String(member) : member;
  });
  return JSON.parse(written.replaceAll('"from":', '"location":').replaceAll('"mapping":', '"value":'));
}

/** Counts the lines that each comment ends. */
function commentsIn(text: string, comments: readonly string[]): number[] {
  const lines = text.split(/\r?\n/);
  return comments.map(comment => lines.filter(line => line.endsWith(comment)).length);
}
