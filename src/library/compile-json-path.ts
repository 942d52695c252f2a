import { quoteValue } from "../base/visible-text.ts";
import { type Accessor, compileJsonPath as compilePath } from "../engine/outputs/compile-json-path.ts";
import { type JsonPath, parseJsonPath } from "../language/expression/json-path.ts";

/**
 * Compiles a JSONPath: RFC 9535, and the dialect of capability files on top of it. A definite path gives the value that it
 * names, or `null` where there is none; an indefinite one (wildcard, slice, list, filter, `..`) gives an array, but `null`
 * where what stands before it is missing. Values are those of the document, and not copied.
 *
 * The function throws CapabilityError `RESPONSE_TOO_LARGE` for a document on which the path takes more than 10 million
 * steps.
 *
 * @throws TypeError for a text that is no JSONPath
 */
export function compileJsonPath(text: string): (document: unknown) => unknown {
  const parsed = typeof text === "string" ? parseJsonPath(text) : undefined;
  if (parsed === undefined) throw new TypeError(`A JSONPath is a text, and not ${quoteValue(text)}`);
  if (!parsed.ok) throw new TypeError(`Cannot read ${quoteValue(text)} as JSONPath: ${parsed.reason}`);
  const read = compileOrRefuse(parsed.path);
  return document => read(document);
}

/** Compiles a path. A pattern in it may be one that the engine of patterns does not have. */
function compileOrRefuse(path: JsonPath): Accessor {
  try {
    return compilePath(path);
  } catch (cause) {
    throw new TypeError((cause as Error).message, { cause });
  }
}
