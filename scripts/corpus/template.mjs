const PLACEHOLDER = /\{\{([^{}]*)\}\}|\{([^{}]*)\}/g;
const DOUBLE_PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/**
 * Cuts a template into literal texts and `{ name }` placeholders, so that a separator is never looked for inside a
 * placeholder's name.
 *
 * @param {string} text
 * @param {{ singleBraces?: boolean }} options single braces mean nothing in constants and bodies
 * @returns {(string | { name: string })[]}
 */
export function parseTemplate(text, { singleBraces = true } = {}) {
  const tokens = [];
  let end = 0;
  for (const match of text.matchAll(singleBraces ? PLACEHOLDER : DOUBLE_PLACEHOLDER)) {
    const name = (match[1] ?? match[2] ?? "").trim();
    if (name === "") continue;
    if (match.index > end) tokens.push(text.slice(end, match.index));
    tokens.push({ name });
    end = match.index + match[0].length;
  }
  if (end < text.length) tokens.push(text.slice(end));
  return tokens;
}

/** Returns the names of a template's placeholders, each once. */
export function placeholderNames(tokens) {
  return [...new Set(tokens.filter(token => typeof token !== "string").map(token => token.name))];
}

/** Returns the parts before and after the first `separator`. The latter is `undefined` if there is no separator. */
export function cutTemplate(tokens, separator) {
  const place = tokens.findIndex(token => typeof token === "string" && token.includes(separator));
  if (place < 0) return [tokens, undefined];
  const text = tokens[place];
  const index = text.indexOf(separator);
  return [
    [...tokens.slice(0, place), text.slice(0, index)],
    [text.slice(index + separator.length), ...tokens.slice(place + 1)],
  ];
}

/** Returns the parts of a template between the separators, at least one. */
export function splitTemplate(tokens, separator) {
  const parts = [];
  let rest = tokens;
  while (rest !== undefined) {
    const [part, after] = cutTemplate(rest, separator);
    parts.push(part);
    rest = after;
  }
  return parts;
}

/** Decodes percent-encoded characters where it can, as a literal `100%` in a path has to stay readable. */
export function percentDecode(text) {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, encoded => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}
