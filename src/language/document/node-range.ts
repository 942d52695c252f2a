/**
 * Returns where a node of the package `yaml` is written: the offset of its first character, and the one behind its last.
 * `undefined` if the text has no such node.
 */
export function rangeOf(node: unknown): readonly [start: number, end: number] | undefined {
  const range = (node as { readonly range?: readonly [number, number, number] | null } | null | undefined)?.range;
  return range ? [range[0], range[1]] : undefined;
}
