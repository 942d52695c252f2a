import { CapabilityError, isCapabilityError } from "../../base/capability-error.ts";
import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { setMember } from "../../base/set-member.ts";
import { visibleLine } from "../../base/visible-text.ts";
import { checkInputs, type Inputs } from "../../engine/request/check-inputs.ts";
import { planChecks } from "../../engine/request/input-checks.ts";
import type { Input } from "../../language/model/types.ts";
import type { RowForm } from "./row-form.ts";
import type { RowOperation, RowSettings } from "./row-source.ts";
import { rowsInvalid, rowsMisused } from "./rows-error.ts";

/** Most names that a message lists. */
const MOST_NAMES = 20;

/** Makes inputs of a record. It throws CellProblem for a cell that no input can be made of. */
type InputsReader<Value> = (record: Value) => Inputs;

/**
 * Plans how records become inputs.
 *
 * @throws CapabilityError `INPUT_UNKNOWN` and `USAGE` for options that do not fit, `ROW_INVALID` for a column that is not
 * there, `INPUT_MISSING` with all inputs that nothing gives
 */
export function planInputs<Value>(
  operation: RowOperation,
  form: RowForm<Value>,
  source: string,
  { map, set }: RowSettings,
): InputsReader<Value> {
  requireKnown(
    operation,
    map.map(([input]) => input),
  );
  const columns = columnsOf(operation, form, source, { map, set });
  requireAll(operation, form, source, [...columns.keys(), ...Object.keys(set)]);
  const given = [...columns].map(([name, column]) => {
    const input = operation.inputs.get(name);
    return { name, read: form.input(column, input as Input) };
  });
  const constants = Object.entries(set).map(([name, value]) => ({ name, read: () => value }));
  const members = [...given, ...constants].sort((a, b) => (a.name < b.name ? -1 : 1));
  return record => {
    const inputs: Record<string, unknown> = {};
    for (const { name, read } of members) {
      const value = read(record);
      if (value !== undefined) setMember(inputs, name, value);
    }
    return inputs;
  };
}

/** Returns the columns by the inputs that they give. */
function columnsOf<Value>(
  { inputs }: RowOperation,
  { columns }: RowForm<Value>,
  source: string,
  { map, set }: Pick<RowSettings, "map" | "set">,
): Map<string, string> {
  const found = new Map<string, string>();
  for (const [input, column] of map) {
    if (found.has(input)) throw rowsMisused(`--map gives the input "${input}" twice`);
    if (Object.hasOwn(set, input)) throw rowsMisused(`--map and --set both give the input "${input}"`);
    if (!columns.includes(column)) throw unknownColumn(source, "--map", column, columns);
    found.set(input, column);
  }
  for (const column of columns) {
    if (inputs.has(column) && !found.has(column) && !Object.hasOwn(set, column)) found.set(column, column);
  }
  return found;
}

/** Returns a sentence about the columns that are not used, if there are some. */
export function unusedNote<Value>(
  { inputs }: RowOperation,
  { columns }: RowForm<Value>,
  source: string,
  { map, key }: RowSettings,
): string | undefined {
  const mapped = new Set(map.map(([, column]) => column));
  const unused = columns.filter(column => !inputs.has(column) && !mapped.has(column) && !key?.includes(column));
  if (unused.length === 0) return undefined;
  return `Of ${source}, no input uses ${unused.length === 1 ? "column" : "the columns"} ${listed(unused)}`;
}

/** @param option the option that names the column */
export function unknownColumn(
  source: string,
  option: string,
  column: string,
  columns: readonly string[],
): CapabilityError {
  const known = columns.length === 0 ? "it has none" : `its columns are ${listed(columns)}`;
  const problem = `has no column ${JSON.stringify(column)}, which ${option} names${didYouMean(suggest(column, columns))}`;
  return rowsInvalid(source, `${problem} (${known})`, { columns: [column] });
}

/**
 * Checks the inputs of every row, so that none is sent for a value that fits none.
 *
 * @throws CapabilityError `INPUT_UNKNOWN`, `INPUT_INVALID`
 */
export async function requireFitting(operation: RowOperation, set: Inputs): Promise<void> {
  requireKnown(operation, Object.keys(set));
  try {
    checkInputs(operation, set, await planChecks(operation));
  } catch (error) {
    // The rows give the others.
    if (!isCapabilityError(error, "INPUT_MISSING")) throw error;
  }
}

/** @throws CapabilityError `INPUT_UNKNOWN` */
function requireKnown({ name, inputs }: RowOperation, given: readonly string[]): void {
  const unknown = given.filter(input => !inputs.has(input));
  if (unknown.length === 0) return;
  const keys = [...inputs.keys()];
  const told = unknown.map(input => `no input ${JSON.stringify(input)}${didYouMean(suggest(input, keys))}`).join("; ");
  const known = keys.length === 0 ? "it takes no inputs" : `its inputs are ${listed(keys)}`;
  throw new CapabilityError("INPUT_UNKNOWN", {
    message: `Cannot call operation "${name}" for rows: ${told} (${known})`,
    details: { operation: name, inputs: unknown, suggestions: unknown.flatMap(input => suggest(input, keys)) },
  });
}

function requireAll<Value>(
  { name, inputs }: RowOperation,
  { columns }: RowForm<Value>,
  source: string,
  given: readonly string[],
): void {
  const missing: string[] = [];
  for (const { key, required, undeclaredAmong } of inputs.values()) {
    // An undeclared variable is a mistake of the file, which the first call tells.
    if (required && undeclaredAmong === undefined && !given.includes(key)) missing.push(key);
  }
  if (missing.length === 0) return;
  const [first = ""] = missing;
  const near = didYouMean([...new Set(missing.flatMap(input => suggest(input, columns)))].slice(0, 3));
  const has = columns.length === 0 ? "has no columns" : `has the columns ${listed(columns)}`;
  throw new CapabilityError("INPUT_MISSING", {
    message:
      `Cannot call operation "${name}" for rows: nothing gives ${missing.length === 1 ? "the input" : "the inputs"} ` +
      `${listed(missing)}; ${source} ${has}${near === "" ? "." : near} ` +
      `Write --map ${visibleLine(first)}=<column>, or --set ${visibleLine(first)}=<value>`,
    details: { operation: name, inputs: missing },
  });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map(name => visibleLine(JSON.stringify(name)));
  return names.length > MOST_NAMES ? `${shown.join(", ")} and ${names.length - MOST_NAMES} more` : shown.join(", ");
}
