/** A string, a comment, or a comma before the end of a list or an object. */
const PARTS = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*[\]}])/g;

/**
 * Blanks the comments of a JSON text and the commas before a closing bracket, which editors allow. All other characters
 * keep their places.
 */
export function plainJson(text: string): string {
  return text.replace(PARTS, part => (part.startsWith('"') ? part : part.replace(/[^\n]/g, " ")));
}
