import type { NumberForm } from "../../base/numbers/exact-number.ts";
import { parseBlockYaml } from "./parse-block-yaml.ts";

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
  if (common.ok) return common.value;
  const { parseAllYaml } = await import("./parse-all-yaml.ts");
  return parseAllYaml(text, file, { unplainOffset: common.offset, numbers });
}
