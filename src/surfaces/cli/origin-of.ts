import { usageError } from "./usage-error.ts";

/**
 * Returns an origin of `--cors-origin` as browsers send it.
 *
 * @throws CapabilityError `USAGE`
 */
export function originOf(text: string): string {
  if (text === "*") return text;
  if (/^https?:\/\/[^/?#@]+\/?$/i.test(text) && URL.canParse(text)) return new URL(text).origin;
  throw usageError(`Option --cors-origin is an origin such as https://app.example, found ${JSON.stringify(text)}`);
}
