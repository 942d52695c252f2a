import type { Diagnostic } from "../../base/capability-error.ts";
import { switchProblem } from "./rule-switch.ts";

/** Comments of a file that switch rules off for a line: `# naftiko-ignore name-pattern, text-form`. */
export interface IgnoreComments {
  /** Rules that are off, by line from 1. */
  readonly rules: ReadonlyMap<number, ReadonlySet<string>>;
  /** A finding for each comment that names no rule that can be switched off. */
  readonly problems: readonly Diagnostic[];
}

const MARK = "naftiko-ignore";

/**
 * Reads the comments that switch rules off. One behind a value is about its own line, one on a line of its own about the
 * next line that holds something else.
 */
export async function readIgnoreComments(text: string, file: string): Promise<IgnoreComments> {
  const rules = new Map<number, Set<string>>();
  const problems: Diagnostic[] = [];
  if (!text.includes(MARK)) return { rules, problems };
  const lines = text.split("\n");
  for (const { comment, line, column } of await commentsOf(text)) {
    const names = /^#+\s*naftiko-ignore(?![\w-])[\s:]*(.*)$/
      .exec(comment)?.[1]
      ?.split(/[\s,]+/)
      .filter(Boolean);
    if (names === undefined) continue;
    const report = (reason: string) => {
      const source = { file, line, column, text: lines[line - 1] ?? "" };
      const message = `The comment switches nothing off: ${reason}`;
      problems.push({ severity: "warning", rule: "ignore-comment", message, pointer: "", source });
    };
    if (names.length === 0) report("it names no rule");
    const target = isAlone(lines[line - 1]) ? nextLine(lines, line) : line;
    for (const name of names) {
      const problem = switchProblem(name);
      if (problem !== undefined) report(problem);
      else rules.set(target, (rules.get(target) ?? new Set()).add(name));
    }
  }
  return { rules, problems };
}

interface Comment {
  readonly comment: string;
  readonly line: number;
  readonly column: number;
}

/** Lists the comments with their places. A `#` within a text begins none. */
async function commentsOf(text: string): Promise<Comment[]> {
  const { Lexer } = await import("yaml");
  const comments: Comment[] = [];
  let line = 1;
  let column = 1;
  let isText = false;
  for (const token of new Lexer().lex(text)) {
    // A mark of the lexer, which is no part of the text: a plain or block text follows, or a document begins or ends.
    if (token === "\u001f" || token === "\u0002" || token === "\u0018") {
      isText = token === "\u001f";
      continue;
    }
    if (!isText && token.startsWith("#")) comments.push({ comment: token.trimEnd(), line, column });
    isText = false;
    const breaks = token.split("\n");
    line += breaks.length - 1;
    column = breaks.length > 1 ? (breaks.at(-1) ?? "").length + 1 : column + token.length;
  }
  return comments;
}

function isAlone(line: string | undefined): boolean {
  return /^\s*#/.test(line ?? "");
}

/** Returns the number of the next line that is neither blank nor a comment alone. */
function nextLine(lines: readonly string[], line: number): number {
  let next = line;
  while (next < lines.length && (isAlone(lines[next]) || lines[next]?.trim() === "")) next++;
  return next + 1;
}
