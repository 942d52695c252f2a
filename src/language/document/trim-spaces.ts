const SPACE = 32;

/** `text` without spaces at its end. Not `trimEnd`, which also takes characters that are content in YAML (U+00A0). */
export function trimSpacesEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === SPACE) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** `text` without spaces at its start. */
export function trimSpacesStart(text: string): string {
  let start = 0;
  while (text.charCodeAt(start) === SPACE) start++;
  return start === 0 ? text : text.slice(start);
}
