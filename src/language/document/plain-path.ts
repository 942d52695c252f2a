/** Names of files that mean the same everywhere, whoever decodes or resolves them. */
const NAME = /^(?!\.{1,2}$)[\w.-]+$/;

/** Tells whether a text is the name of a file, of letters, digits, dots, hyphens and underscores. */
export function isPlainName(text: string): boolean {
  return NAME.test(text);
}

/** Tells whether a text is the path of a file below a folder, made of plain names (language chapters 7.3, 7.4 and 8.4). */
export function isPlainPath(text: string): boolean {
  return text.split("/").every(isPlainName);
}
