import type { CapabilityDocument, ConsumesHttp } from "./document-types.ts";

/**
 * Lists the adapters that a resolved document consumes, with their JSON pointers: `capability.consumes`, then the
 * root's `consumes` (the union of both, language chapter 1.2).
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
      yield { adapter: entry as ConsumesHttp, pointer: `${pointer}/${index}` };
    }
  }
}
