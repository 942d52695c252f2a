import { isJsonObject } from "../../base/json-object.ts";
import type { Aggregate, CapabilityDocument, Exposes } from "./document-types.ts";

/** Entries of `exposes` and `aggregates` that do not keep to the schema. */
const unreadable = new WeakSet<object>();

/** Remembers an entry that does not keep to the schema: nothing can be served of it. */
export function setUnreadable(entry: unknown): void {
  if (isJsonObject(entry)) unreadable.add(entry);
}

/** Part of a document and its JSON pointer. */
interface Placed<Part> {
  readonly declaration: Part;
  readonly pointer: string;
}

/** The types of servers that the language has (language chapter 7.1). */
export const serverTypes: ReadonlySet<string> = new Set<Exposes["type"]>(["rest", "mcp", "skill", "control"]);

/**
 * Lists the servers that a resolved document exposes: those of `capability.exposes`, then the root's. Those of unknown
 * types are left out.
 */
export function* exposedAdapters(document: CapabilityDocument): Generator<Placed<Exposes>> {
  for (const placed of entriesOf(document.capability?.exposes, "/capability/exposes"))
    if (serverTypes.has(placed.declaration.type)) yield placed;
  for (const placed of entriesOf(document.exposes, "/exposes"))
    if (serverTypes.has(placed.declaration.type)) yield placed;
}

/** Lists the aggregates of a resolved document: those of `capability.aggregates`, then the root's. */
export function* aggregatesOf(document: CapabilityDocument): Generator<Placed<Aggregate>> {
  yield* entriesOf(document.capability?.aggregates, "/capability/aggregates");
  yield* entriesOf(document.aggregates, "/aggregates");
}

/** Lists the `inputParameters` of the part at a pointer. */
export function inputsAt<Input>(inputs: readonly Input[] | undefined, pointer: string): Placed<Input>[] {
  return (inputs ?? []).map((declaration, index) => ({
    declaration,
    pointer: `${pointer}/inputParameters/${index}`,
  }));
}

function* entriesOf<Part>(list: readonly Part[] | undefined, pointer: string): Generator<Placed<Part>> {
  for (const [index, declaration] of (list ?? []).entries()) {
    if (isJsonObject(declaration) && !unreadable.has(declaration))
      yield { declaration, pointer: `${pointer}/${index}` };
  }
}
