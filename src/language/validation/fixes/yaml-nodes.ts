import type { Node, Pair, Scalar } from "yaml";
import { isAlias, isMap, isScalar, isSeq } from "yaml";
import { pointerSegments } from "../../../base/json-pointer.ts";

/** Member of a block or flow collection in a YAML text. */
interface YamlMember {
  /** Key. Absent for an item of a list. */
  readonly key?: Scalar;
  readonly value: Node | null;
  /** Number of members of the collection. */
  readonly siblings: number;
}

/**
 * Returns the member at a JSON pointer. `undefined` if there is none, or if a change of it could change another value:
 * at and below nodes with an anchor, and behind aliases.
 */
export function memberAt(contents: unknown, pointer: string): YamlMember | undefined {
  let node = contents;
  let found: YamlMember | undefined;
  for (const segment of pointerSegments(pointer)) {
    if (isShared(node)) return undefined;
    if (isSeq(node)) {
      found = { value: (node.items[Number(segment)] ?? null) as Node | null, siblings: node.items.length };
    } else if (isMap(node)) {
      const pair = (node.items as Pair[]).find(({ key }) => isScalar(key) && String(key.value) === segment);
      if (pair === undefined || !isScalar(pair.key)) return undefined;
      found = { key: pair.key, value: pair.value as Node | null, siblings: node.items.length };
    } else return undefined;
    node = found.value;
  }
  return isShared(node) ? undefined : found;
}

function isShared(node: unknown): boolean {
  return isAlias(node) || (isScalar(node) || isMap(node) || isSeq(node) ? node.anchor !== undefined : false);
}
