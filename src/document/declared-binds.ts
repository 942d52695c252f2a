import type { CapabilityDocument } from "./document-types.ts";
import { pointerSegment } from "./json-pointer.ts";

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
  readonly pointer: string;
}

/** Every variable of a document: the union of the root's and the capability's `binds`, in file order. */
export function* declaredBinds(document: CapabilityDocument): Generator<BindVariable> {
  const lists = [
    { list: document.binds, pointer: "/binds" },
    { list: document.capability?.binds, pointer: "/capability/binds" },
  ];
  for (const { list, pointer } of lists) {
    for (const [index, bind] of (list ?? []).entries()) {
      for (const [name, key] of Object.entries(bind.keys)) {
        yield {
          namespace: bind.namespace,
          name,
          key: String(key),
          ...(bind.location === undefined ? {} : { location: bind.location }),
          pointer: `${pointer}/${index}/keys/${pointerSegment(name)}`,
        };
      }
    }
  }
}
