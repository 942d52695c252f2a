/** Returns the tags of a part of a file. No schema checks those of operations. */
export function declaredTags({ tags }: { readonly tags?: unknown }): readonly string[] {
  return Array.isArray(tags) ? tags.filter(tag => typeof tag === "string") : [];
}
