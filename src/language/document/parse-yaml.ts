import type { NumberForm } from "../../base/numbers/exact-number.ts";
import { parseBlockYaml } from "./parse-block-yaml.ts";
import { settleNumbers } from "./written-numbers.ts";

/**
 * Parses one YAML 1.2 document (core schema) to plain JSON values.
 *
 * The common part of YAML is read here, in a tenth of the time that the package `yaml` takes. That package reads
 * everything else, and its errors and positions count.
 *
 * @param numbers form of numbers that a double cannot hold; without it they are rounded
 * @throws CapabilityError `CAPABILITY_INVALID` with every syntax error and its position
 */
export async function parseYaml(text: string, file: string, numbers?: NumberForm): Promise<unknown> {
  const common = parseBlockYaml(text, { numbers });
  return common.ok ? common.value : parseAll(text, file, common.offset, numbers);
}

/**
 * Parses a YAML document as {@link parseYaml}. Its numbers are doubles, whose digits `writtenMember` has.
 */
export async function parseSettledYaml(text: string, file: string): Promise<unknown> {
  const common = parseBlockYaml(text, { numbers: "written" });
  if (!common.ok) return settleNumbers(await parseAll(text, file, common.offset, "written"));
  return common.isExact ? settleNumbers(common.value) : common.value;
}

async function parseAll(
  text: string,
  file: string,
  unplainOffset: number,
  numbers: NumberForm | undefined,
): Promise<unknown> {
  const { parseAllYaml } = await import("./parse-all-yaml.ts");
  return parseAllYaml(text, file, { unplainOffset, numbers });
}
