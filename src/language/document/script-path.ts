/** Names that the path of a script is made of (language chapter 8.4). */
const NAME = /^(?!\.{1,2}$)[\w.-]+$/;

/** Tells whether a text is the path of a script below its folder. */
export function isScriptPath(text: string): boolean {
  return text.split("/").every(name => NAME.test(name));
}
