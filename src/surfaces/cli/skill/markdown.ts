import { agentLine, agentText } from "../../../tools/agent-text.ts";
import { descriptionText } from "../description-text.ts";

/** Characters of a description that are read: the rest would be cut. */
const MOST_READ = 20_000;

/**
 * Returns a text of a file as one line of Markdown: it is data, and must not become a heading, a link or an element.
 *
 * @param longest in characters
 */
export function markdownLine(text: string, longest: number): string {
  return escaped(agentLine(descriptionText(text.slice(0, MOST_READ)), longest));
}

/** Returns a text of a file as a quotation. Nothing for an empty one. */
export function quotation(text: string, longest: number): string[] {
  const plain = agentText(descriptionText(text.slice(0, MOST_READ)), longest);
  const lines = plain.split("\n").map(line => line.trim());
  const paragraphs = lines.filter((line, at) => line !== "" || lines[at - 1] !== "");
  return plain === "" ? [] : [...paragraphs.map(line => `> ${escapedStart(escaped(line))}`.trimEnd()), ""];
}

/** Returns a name as code within a line. */
export function code(text: string): string {
  const line = agentLine(text, LONGEST_CODE);
  const fence = "`".repeat(longestRun(line) + 1);
  const space = /^`|`$/.test(line) ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}

const LONGEST_CODE = 300;

/** Returns lines that a shell reads as a block of code. */
export function shellBlock(...lines: readonly string[]): string[] {
  const fence = "`".repeat(Math.max(3, ...lines.map(line => longestRun(line) + 1)));
  return [`${fence}sh`, ...lines, fence];
}

function escaped(text: string): string {
  return text.replace(/[\\`*<>[\]|]/g, "\\$&");
}

/** Escapes what begins a heading, a list, a fence or a rule. */
function escapedStart(line: string): string {
  return line.replace(/^(?=[#+\-=~]|\d+[.)])/, "\\").replace(/^\\(\d+)(?=[.)])/, "$1\\");
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
}
