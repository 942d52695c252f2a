import path from "node:path";
import { pointerSegment } from "../../base/json-pointer.ts";
import type { SourceLocation } from "../../base/source-location.ts";
import type { CapabilityDocument } from "./document-types.ts";
import type { Origins } from "./origins.ts";

/** One variable declared by `binds` (language chapter 3). Only its value is secret. */
export interface BindVariable {
  /** Namespace of the bind that declares it. */
  readonly namespace: string;
  /** Name that templates use. */
  readonly name: string;
  /** Name inside the source, such as that of the environment variable. */
  readonly key: string;
  /** URI of the source; absent for the environment. */
  readonly location?: string;
  /** Folder of the file that declares it, where a relative location starts. Absent if there is no file. */
  readonly directory?: string | undefined;
  /** Whether an imported file declares it: the declarations of the importing file come first. */
  readonly imported?: true;
  /** Whether an overlay declares it, which the caller writes and not the author of the file. */
  readonly fromConfig?: true;
  /** Whether only a template names it, in the namespace of a bind without `location` (language chapter 3, rule 4). */
  readonly undeclared?: true;
  readonly pointer: string;
  /** Place of its declaration, if that is not in the document. */
  readonly source?: SourceLocation | undefined;
}

/**
 * Lists the variables of a resolved document: the union of the root's and the capability's `binds`, in file order.
 *
 * @param origins tell which file a bind stands in; without them it has no folder
 */
export function* declaredBinds(document: CapabilityDocument, origins?: Origins): Generator<BindVariable> {
  const lists = [
    { list: document.binds, pointer: "/binds" },
    { list: document.capability?.binds, pointer: "/capability/binds" },
  ];
  for (const { list, pointer } of lists) {
    for (const [index, bind] of (list ?? []).entries()) {
      const file = origins?.documentOf(bind).file;
      for (const [name, key] of Object.entries(bind.keys)) {
        yield {
          namespace: bind.namespace,
          name,
          key: String(key),
          ...(bind.location === undefined ? {} : { location: bind.location }),
          ...(file === undefined ? {} : { directory: path.dirname(file) }),
          ...(origins?.isForeign(bind) ? { imported: true } : {}),
          pointer: `${pointer}/${index}/keys/${pointerSegment(name)}`,
        };
      }
    }
  }
}
