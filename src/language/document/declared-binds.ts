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
  /** Name inside the source: for the environment, of the environment variable. */
  readonly key: string;
  /** URI of the source; absent for the environment. */
  readonly location?: string;
  /** Folder of the file that declares it, where a relative location starts; absent where there is no file. */
  readonly directory?: string;
  /** Declared by an imported file: the importing file's own declarations come first. */
  readonly imported?: true;
  /** Declared by an overlay: by whoever makes the call, and not by the author of the file. */
  readonly fromConfig?: true;
  readonly pointer: string;
  /** Place of its declaration, where that is not in the document. */
  readonly source?: SourceLocation;
}

/**
 * Every variable of a resolved document: the union of the root's and the capability's `binds`, in file order.
 *
 * @param origins tell in which file a bind stands; without them it has no folder
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
