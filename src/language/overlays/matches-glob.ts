/** Tells whether a key is a glob: it stands for more than one name. */
export function isGlob(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/**
 * Tells whether a glob matches a whole name: `*` stands for any characters, `?` for one. Takes time in proportion to the
 * product of both lengths at most, which a regular expression would not.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  let inPattern = 0;
  let inName = 0;
  let star = -1;
  let afterStar = 0;
  while (inName < name.length) {
    const wanted = pattern[inPattern];
    if (wanted === "*") {
      star = inPattern++;
      afterStar = inName;
    } else if (wanted === "?" || wanted === name[inName]) {
      inPattern++;
      inName++;
    } else if (star >= 0) {
      // The last star takes one character more.
      inPattern = star + 1;
      inName = ++afterStar;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(inPattern));
}
