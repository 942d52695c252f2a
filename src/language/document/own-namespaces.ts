/** Namespaces of imported servers and aggregates in their own files, where the import gives them another one. */
const written = new WeakMap<object, string>();

/** Remembers the namespace that an imported entry has in its own file. */
export function keepWrittenNamespace(entry: object, namespace: string): void {
  written.set(entry, namespace);
}

/**
 * Returns the namespaces by which a server or an aggregate means its own inputs (language chapter 4.3): the one that it
 * has, and the one that its file gives it, which knows of no import.
 */
export function ownNamespaces(entry: { readonly namespace: string }): readonly string[] {
  const other = written.get(entry);
  return other === undefined ? [entry.namespace] : [entry.namespace, other];
}

/** Returns the words that stand before the dot of an input of an MCP server. */
export function mcpPrefixes(server: { readonly namespace: string }): ReadonlySet<string> {
  return new Set([...ownNamespaces(server), "tools", "mcp"]);
}
