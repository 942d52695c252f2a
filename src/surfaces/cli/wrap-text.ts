/**
 * Wraps the lines of a text at spaces. A line that goes on is indented as its beginning is, behind the mark of a list. A
 * word that is longer than the width, such as a URL, stays whole.
 */
export function wrapText(text: string, width: number): string[] {
  return text.split(/\r\n|\n/).flatMap(line => (line.length <= width ? [line] : wrapLine(line, width)));
}

function wrapLine(line: string, width: number): string[] {
  const [first = ""] = /^\s*(?:[-*] |\d+[.)] )?/.exec(line) ?? [];
  const indent = " ".repeat(Math.min(first.length, width >> 1));
  const lines: string[] = [];
  let current = first;
  let isEmpty = true;
  for (const word of line.slice(first.length).split(" ")) {
    if (!isEmpty && current.length + 1 + word.length > width) {
      lines.push(current.trimEnd());
      current = indent;
      isEmpty = true;
    }
    current += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, current.trimEnd()];
}
