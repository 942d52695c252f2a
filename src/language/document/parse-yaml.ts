import { parseBlockYaml } from "./parse-block-yaml.ts";

/**
 * Parses one YAML 1.2 document (core schema) to plain JSON values.
 *
 * The common part is read at a tenth of the time that the package `yaml` takes; everything else, and whatever is wrong,
 * is that package's, whose verdict and positions count.
 *
 * @throws CapabilityError `CAPABILITY_INVALID` with every syntax error and its position
 */
export async function parseYaml(text: string, file: string): Promise<unknown> {
  const common = parseBlockYaml(text);
  if (common.ok) return common.value;
  const { parseAllYaml } = await import("./parse-all-yaml.ts");
  return parseAllYaml(text, file, common.offset);
}
