import { isCapabilityError } from "../../base/capability-error.ts";
import { parseExact } from "../../base/numbers/exact-json.ts";
import { mayHoldLargeNumber } from "../../base/numbers/large-numbers.ts";
import { parseJson } from "../../base/parse-json.ts";
import { parseSettledYaml } from "../document/parse-yaml.ts";
import { settleNumbers } from "../document/written-numbers.ts";
import { plainJson } from "./plain-json.ts";

/**
 * Parses the text of a description, JSON or YAML, whatever its file is called. Numbers are doubles, whose digits
 * `writtenMember` has.
 *
 * @param text without a byte order mark
 * @throws Error with the reason if it is neither
 */
export async function parseDescription(text: string, location: string): Promise<unknown> {
  if (!/^\s*[{[]/.test(text)) return parseYaml(text, location);
  const parsed = parseJson(text);
  if (!parsed.ok) return parseNearlyJson(text, location, parsed.reason);
  const bytes = Buffer.from(text, "latin1");
  return mayHoldLargeNumber(text, bytes, "exact") ? settleNumbers(parseExact(text, "written", bytes)) : parsed.value;
}

/** Parses JSON with comments or commas too many, and YAML that begins as JSON does. */
async function parseNearlyJson(text: string, location: string, reason: string): Promise<unknown> {
  const parsed = parseJson(plainJson(text));
  if (parsed.ok) return parsed.value;
  return parseYaml(text, location).catch(() => {
    throw new Error(`it is not JSON: ${reason}`);
  });
}

async function parseYaml(text: string, location: string): Promise<unknown> {
  try {
    return await parseSettledYaml(text.replaceAll("\r\n", "\n"), location);
  } catch (error) {
    if (!isCapabilityError(error, "CAPABILITY_INVALID")) throw error;
    const { message, source } = error.details.diagnostics[0] ?? error;
    throw new Error(`it is not YAML: ${message}${source ? ` at line ${source.line}, column ${source.column}` : ""}`);
  }
}
