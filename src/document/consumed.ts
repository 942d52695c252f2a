import type { CapabilityDocument, ConsumesHttp } from "./document-types.ts";

/**
 * The adapters a document consumes, with their JSON pointers: `capability.consumes`, then the root's `consumes` (the
 * union of both, language chapter 1.2). Import entries are left out.
 */
export function* consumedAdapters(
  document: CapabilityDocument,
): Generator<{ readonly adapter: ConsumesHttp; readonly pointer: string }> {
  const lists = [
    { list: document.capability?.consumes, pointer: "/capability/consumes" },
    { list: document.consumes, pointer: "/consumes" },
  ];
  for (const { list, pointer } of lists) {
    for (const [index, entry] of (list ?? []).entries()) {
      if (!isImport(entry)) yield { adapter: entry as ConsumesHttp, pointer: `${pointer}/${index}` };
    }
  }
}

/** Tells an import entry from an adapter: it says what to import, and from where (language chapter 10.1). */
export function isImport(entry: object): boolean {
  return Object.hasOwn(entry, "import") || Object.hasOwn(entry, "location") || Object.hasOwn(entry, "from");
}
