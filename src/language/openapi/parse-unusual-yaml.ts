import { CORE_SCHEMA, load, Type, YAMLException } from "js-yaml";
import { isObject } from "../../base/json-object.ts";

/** Most values that the aliases of one text may stand for, counted each time: more is a bomb ("billion laughs"). */
const MOST_VALUES = 5_000_000;

/** The values of YAML 1.2, and the merge key of YAML 1.1. The types of the package lack its own. */
const SCHEMA = CORE_SCHEMA.extend({
  implicit: [new Type("tag:yaml.org,2002:merge", { kind: "scalar", resolve: text => text === "<<" })],
});

/**
 * Parses a YAML document of any form. Descriptions are larger than capabilities, and this package reads them in a tenth of
 * the time and memory of `yaml`. A key that stands twice in a map has its last value.
 *
 * @throws Error with the reason, and its place; the message continues "it is not YAML: …"
 */
export function parseUnusualYaml(text: string): unknown {
  let value: unknown;
  try {
    value = load(text, { schema: SCHEMA, json: true });
    if (text.includes("*")) requireBounded(value);
  } catch (error) {
    if (error instanceof RangeError) throw new Error("it nests too deeply");
    if (!(error instanceof YAMLException)) throw error;
    const { reason, mark } = error as YAMLException & { readonly mark?: YAMLException["mark"] };
    throw new Error(mark === undefined ? reason : `${reason} at line ${mark.line + 1}, column ${mark.column + 1}`);
  }
  return value;
}

function requireBounded(value: unknown): void {
  if (sizeOf(value) > MOST_VALUES)
    throw new Error(`its aliases stand for more than ${MOST_VALUES} values, or for themselves`);
}

/** Counts the values of a document, those of an alias each time. One that holds itself has infinitely many. */
function sizeOf(root: unknown): number {
  const sizes = new Map<object, number>();
  const measure = (value: unknown): number => {
    if (!isObject(value)) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    sizes.set(value, Number.POSITIVE_INFINITY);
    let size = 1;
    for (const member of Object.values(value)) size += measure(member);
    sizes.set(value, size);
    return size;
  };
  return measure(root);
}
