import { isScalar } from "yaml";

const MERGE_TAG = "tag:yaml.org,2002:merge";

/** Tells whether a key merges other maps into its own, as in YAML 1.1 (https://yaml.org/type/merge.html). */
export function isMergeKey(key: unknown): boolean {
  return (
    isScalar(key) &&
    key.source === "<<" &&
    key.type === "PLAIN" &&
    // The package gives the value of a key with the tag as a symbol.
    (key.tag === undefined || key.tag === MERGE_TAG)
  );
}
