import { parseBlockYaml } from "./parse-block-yaml.ts";

/**
 * Parses one YAML 1.2 document (core schema) to plain JSON values.
 *
 * The common part of YAML is read here, in a tenth of the time that the package `yaml` takes. That package reads
 * everything else, and its errors and positions count.
 *
 * @throws CapabilityError `CAPABILITY_INVALID` with every syntax error and its position
 */
export async function parseYaml(text: string, file: string): Promise<unknown> {
  const common = parseBlockYaml(text);
  if (common.ok) return common.value;
  const { parseAllYaml } = await import("./parse-all-yaml.ts");
  return parseAllYaml(text, file, common.offset);
}
