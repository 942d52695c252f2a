import type { ConsumedInputParameter } from "../document/document-types.ts";
import { writtenMember } from "../document/written-numbers.ts";
import type { Reference, Template } from "./types.ts";

/**
 * Returns the parameters that templates may name besides inputs: those whose `value` the file gives (language chapter
 * 4.3), and those of `in: environment`, which have a value only if a bind declares it.
 *
 * @param compile compiles a `value`, which may name inputs and no other such parameter: a chain of them could grow a
 *   text without bound
 */
export function fixedValues(
  declarations: readonly ConsumedInputParameter[],
  compile: (value: string) => Template,
): (name: string) => Reference | undefined {
  const known = new Map<string, Reference>();
  let fixed: Map<string, ConsumedInputParameter> | undefined;
  return name => {
    const found = known.get(name);
    if (found !== undefined) return found;
    // The first declaration of a name counts.
    fixed ??= new Map(
      declarations
        .filter(isFixed)
        .map(candidate => [candidate.name, candidate] as const)
        .reverse(),
    );
    const declaration = fixed.get(name);
    if (declaration === undefined) return undefined;
    const reference = referenceTo(declaration, compile);
    known.set(name, reference);
    return reference;
  };
}

function isFixed({ in: location, value, template }: ConsumedInputParameter): boolean {
  return location === "environment" || (value ?? template ?? undefined) !== undefined;
}

/** Returns the `value` of a parameter, or its older synonym. A number has its digits. */
export function fixedValue(declaration: ConsumedInputParameter): ConsumedInputParameter["value"] {
  const name = (declaration.value ?? undefined) === undefined ? "template" : "value";
  // A number that is kept by its digits is written like any other.
  return writtenMember(declaration, name) as ConsumedInputParameter["value"];
}

function referenceTo(declaration: ConsumedInputParameter, compile: (value: string) => Template): Reference {
  const given = declaration.in === "environment" ? undefined : fixedValue(declaration);
  if (typeof given !== "string") return { kind: "constant", value: given };
  return { kind: "template", template: compile(given) };
}
