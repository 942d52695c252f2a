import { parseExact } from "../../base/numbers/exact-json.ts";
import { mayHoldLargeNumber } from "../../base/numbers/large-numbers.ts";
import { parseJson } from "../../base/parse-json.ts";
import { parseBlockYaml } from "../document/parse-block-yaml.ts";
import { settleNumbers } from "../document/written-numbers.ts";
import { plainJson } from "./plain-json.ts";

/**
 * Parses the text of a description, JSON or YAML, whatever its file is called. Numbers are doubles, whose digits
 * `writtenMember` has, but for those of unusual YAML.
 *
 * @param text without a byte order mark
 * @throws Error with the reason if it is neither
 */
export async function parseDescription(text: string): Promise<unknown> {
  if (!/^\s*[{[]/.test(text)) return parseYaml(text);
  const parsed = parseJson(text);
  if (!parsed.ok) return parseNearlyJson(text, parsed.reason);
  const bytes = Buffer.from(text, "latin1");
  return mayHoldLargeNumber(text, bytes, "exact") ? settleNumbers(parseExact(text, "written", bytes)) : parsed.value;
}

/** Parses JSON with comments or commas too many, and YAML that begins as JSON does. */
async function parseNearlyJson(text: string, reason: string): Promise<unknown> {
  const parsed = parseJson(plainJson(text));
  if (parsed.ok) return parsed.value;
  return parseYaml(text).catch(() => {
    throw new Error(`it is not JSON: ${reason}`);
  });
}

async function parseYaml(written: string): Promise<unknown> {
  const text = written.includes("\r") ? written.replaceAll("\r\n", "\n") : written;
  const common = parseBlockYaml(text, { numbers: "written" });
  if (common.ok) return common.isExact ? settleNumbers(common.value) : common.value;
  const { parseUnusualYaml } = await import("./parse-unusual-yaml.ts");
  try {
    return parseUnusualYaml(text);
  } catch (error) {
    throw new Error(`it is not YAML: ${(error as Error).message}`);
  }
}
