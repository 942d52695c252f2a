/** Text that looks like a reference to a variable and is none: it would be sent as it stands. */
export interface MistakenReference {
  /** As it stands. */
  readonly written: string;
  /** Name of the variable that it looks like. */
  readonly name: string;
}

/** Name that variables have (language chapter 1.3), with or without the namespace of a bind. */
const VARIABLE = /^(?:[A-Za-z][\w-]*\.)?[A-Z][A-Z0-9_]*$/;

/** Name in a pattern. Its length and that of spaces are bounded, so that no text takes long. */
const NAME = String.raw`((?:[A-Za-z][\w-]{0,99}\.)?[A-Za-z_][\w-]{0,99})`;
const GAP = String.raw`\s{0,9}`;

const UNCLOSED = String.raw`\{\{${GAP}${NAME}${GAP}\}?(?!\}|[\w.-]|[^{}]{0,200}\}\})`;

/** Name in braces that lack one, or that other languages write. A name in double braces is no match. */
const IN_BRACES = new RegExp(
  [
    UNCLOSED,
    String.raw`(?<!\{)\{${GAP}${NAME}${GAP}\}\}`,
    String.raw`\$\{\{${GAP}${NAME}${GAP}\}\}`,
    String.raw`\$\{${GAP}${NAME}${GAP}(?::?[-=?+][^{}]{0,99})?\}`,
    String.raw`\$\(${GAP}${NAME}${GAP}\)`,
    String.raw`#\{${GAP}${NAME}${GAP}\}`,
    String.raw`(?<![{$#])\{${GAP}${NAME}${GAP}\}(?!\})`,
    String.raw`\[\[${GAP}${NAME}${GAP}\]\]`,
  ].join("|"),
  "g",
);

const UNCLOSED_BRACES = new RegExp(UNCLOSED, "g");

/** Name in a body or a query, where other signs are ordinary. It is meant only if it is that of a variable. */
const IN_TEXT = new RegExp(
  [
    String.raw`(?<![{$])\$?\{${GAP}${NAME}${GAP}\}(?!\})`,
    String.raw`\$([A-Z][A-Z0-9]{0,99}(?:_[A-Z0-9]{1,99}){1,20})(?!\w)`,
    `%${NAME}%`,
  ].join("|"),
  "g",
);

/** Name as shells and programs write it. It stands alone, or behind the scheme of a header. */
const ALONE = new RegExp(
  String.raw`^(?:[A-Za-z]{1,30} )?(?:(?:\$env:|\$env\.|\$|(?:process\.)?env\.|env:|ENV\.)${NAME}|%${NAME}%|@${NAME}@|<${NAME}>)$`,
);

/** Shortest name that stands alone. `$ID` may be meant as it stands. */
const SHORTEST_ALONE = 3;
const LONGEST_ALONE = 300;

/** Part of every mistaken reference. */
const MARK = /[{$%[@<]|env[.:]/i;

/**
 * Finds the first text in a constant or a credential that looks like a reference to a variable and is none: `{NAME}`,
 * `${NAME}`, `{{NAME}`, `$NAME`, `%NAME%`.
 *
 * @param isDeclared tells whether a name is a declared variable, however it is spelt
 */
export function mistakenReference(text: string, isDeclared: (name: string) => boolean): MistakenReference | undefined {
  if (!MARK.test(text)) return undefined;
  const inBraces = firstReference(text, IN_BRACES, isDeclared);
  if (inBraces !== undefined || text.length > LONGEST_ALONE) return inBraces;
  const alone = ALONE.exec(text);
  if (alone === null) return undefined;
  const name = nameOf(alone);
  // A name of no variable in such brackets is a placeholder of documentation.
  const isMeant = isDeclared(name) || (!text.endsWith(">") && name.length >= SHORTEST_ALONE && VARIABLE.test(name));
  return isMeant ? { written: text, name } : undefined;
}

/** Finds the first `{{NAME}` in the text of a body, in which other braces are ordinary. */
export function unclosedReference(text: string, isDeclared: (name: string) => boolean): MistakenReference | undefined {
  return text.includes("{{") ? firstReference(text, UNCLOSED_BRACES, isDeclared) : undefined;
}

/**
 * Finds the first `{NAME}`, `${NAME}`, `$NAME` or `%NAME%` in the text of a body or a query, where such signs may be
 * ordinary.
 *
 * @param isVariable tells whether a variable has a name, in its spelling
 */
export function referenceWithin(text: string, isVariable: (name: string) => boolean): MistakenReference | undefined {
  if (!/[{$%]/.test(text)) return undefined;
  for (const match of text.matchAll(IN_TEXT)) {
    const name = nameOf(match);
    if (isVariable(name)) return { written: match[0], name };
  }
  return undefined;
}

/** Tells whether a name in double braces can only be that of a variable, where no input has it. */
export function isVariableName(name: string): boolean {
  return VARIABLE.test(name);
}

function firstReference(
  text: string,
  pattern: RegExp,
  isDeclared: (name: string) => boolean,
): MistakenReference | undefined {
  for (const match of text.matchAll(pattern)) {
    const name = nameOf(match);
    if (VARIABLE.test(name) || isDeclared(name)) return { written: match[0].trim(), name };
  }
  return undefined;
}

function nameOf(match: RegExpMatchArray): string {
  return match.slice(1).find(name => name !== undefined) ?? "";
}
