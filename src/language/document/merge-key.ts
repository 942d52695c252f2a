import { isScalar } from "yaml";

/** Tells whether a key merges other maps into its own, as in YAML 1.1 (https://yaml.org/type/merge.html). */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === "<<" && key.type === "PLAIN";
}
