/**
 * Returns the lines that a change of a text adds, with their numbers. Lines that stay, and those that go, are not shown:
 * they are somebody else's, and may hold secrets.
 */
export function addedLines(before: string, after: string): string[] {
  const old = before.split(/\r\n|\n/);
  const now = after.split(/\r\n|\n/);
  let start = 0;
  while (start < now.length && now[start] === old[start]) start++;
  let left = 0;
  while (left < now.length - start && left < old.length - start && now.at(-1 - left) === old.at(-1 - left)) left++;
  return now.slice(start, now.length - left).map((line, index) => `${start + index + 1} + ${line}`);
}
