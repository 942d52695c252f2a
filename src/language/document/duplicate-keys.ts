import type { Document as YamlDocument } from "yaml";

/** A key that its map has already. */
interface DuplicateKey {
  /** Offset of the second one in the text. */
  readonly offset: number;
}

/**
 * The keys that stand twice in one map (YAML 1.2, 3.2.1.1). The package `yaml` compares each key with all before it, which
 * takes minutes where a map has tens of thousands.
 */
export async function duplicateKeys(document: YamlDocument): Promise<DuplicateKey[]> {
  const { isScalar, visit } = await import("yaml");
  const found: DuplicateKey[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) found.push({ offset: key.range?.[0] ?? 0 });
        seen.add(key.value);
      }
    },
  });
  return found;
}
