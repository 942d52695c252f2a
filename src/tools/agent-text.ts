import { replaceHostile } from "../base/visible-text.ts";

/**
 * Returns a text of a file for agents. It is data: characters that cannot be seen, or that change the order of what is
 * read, could hide instructions in it from people, and are left out. A text that is too long is cut.
 */
export function agentText(text: string, longest: number): string {
  const visible = replaceHostile(text.replaceAll("\r\n", "\n"), () => "").trim();
  return visible.length > longest
    ? `${visible
        .slice(0, longest - 1)
        .toWellFormed()
        .trimEnd()}…`
    : visible;
}

/** Returns the text of {@link agentText} in one line. */
export function agentLine(text: string, longest: number): string {
  return agentText(text.replace(/\s+/g, " "), longest);
}
