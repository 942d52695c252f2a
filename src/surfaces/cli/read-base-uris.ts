import { baseUriProblem, shownBaseUri } from "../../language/expression/base-uri.ts";
import { usageError } from "./usage-error.ts";

/** Returns the `--base-uri [namespace=]URL` options as the library takes them. */
export function readBaseUris(texts: readonly string[]): Record<string, string> | undefined {
  if (texts.length === 0) return undefined;
  const baseUris: Record<string, string> = {};
  for (const text of texts) {
    const named = /^([^=/:?#]+)=(.*)$/s.exec(text);
    const namespace = named?.[1] ?? "*";
    const url = named?.[2] ?? text;
    const problem = baseUriProblem(url);
    if (problem !== undefined) {
      const shown = shownBaseUri(url);
      const option = text.slice(0, text.length - url.length) + shown;
      throw usageError(`Cannot use --base-uri ${JSON.stringify(option)}: ${JSON.stringify(shown)} ${problem}`);
    }
    baseUris[namespace] = url;
  }
  return baseUris;
}
