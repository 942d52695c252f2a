import { getOrSet } from "../../base/get-or-set.ts";
import { type FlagRow, needsValue, runFlags, shortFlags } from "./run-options.ts";
import { usageError } from "./usage-error.ts";

/** An input as written; `true` for one without a value. */
export type GivenInput = readonly [name: string, text: string | true];

/** The texts of each option that was given, in order. */
export type GivenOptions = ReadonlyMap<string, readonly string[]>;

interface ScannedArguments {
  /** All but the inputs that are given by an option. */
  readonly options: GivenOptions;
  readonly inputs: readonly GivenInput[];
  readonly operands: readonly string[];
  /** Options that were used by their long name. */
  readonly used: ReadonlySet<string>;
}

/**
 * Tells the options of `run` from inputs and operands. Other words stay as they are: parsers of options expand names
 * such as `--a.b` and `--no-cache`, and take the value of `--offset -5` for an option of its own.
 *
 * @throws CapabilityError `USAGE`
 */
export function scanArguments(args: readonly string[]): ScannedArguments {
  const options = new Map<string, string[]>();
  const inputs: GivenInput[] = [];
  const operands: string[] = [];
  const used = new Set<string>();
  const rest = [...args];
  let areOptions = true;
  for (let token = rest.shift(); token !== undefined; token = rest.shift()) {
    const equals = token.indexOf("=");
    const name = equals < 0 ? token : token.slice(0, equals);
    const text = equals < 0 ? undefined : token.slice(equals + 1);
    const flag = areOptions ? rowOf(name)?.flag : undefined;
    if (areOptions && token === "--") {
      areOptions = false;
    } else if (flag !== undefined) {
      const value = text ?? (needsValue(flag) ? takeValue(name, rest) : "true");
      if (flag.name === "input") inputs.push(splitInput(value));
      else getOrSet(options, flag.name, () => []).push(value);
      if (isLong(name)) used.add(flag.name);
    } else if (isLong(name)) {
      inputs.push([name.slice(2), text ?? (hasValue(rest) ? (rest.shift() ?? true) : true)]);
    } else {
      operands.push(token);
    }
  }
  return { options, inputs, operands, used };
}

function rowOf(name: string): FlagRow | undefined {
  if (isLong(name)) return runFlags.get(name.slice(2));
  return name.startsWith("-") ? shortFlags.get(name.slice(1)) : undefined;
}

function takeValue(name: string, rest: string[]): string {
  const value = hasValue(rest) ? rest.shift() : undefined;
  if (value === undefined) throw usageError(`No value given for ${name}`);
  return value;
}

/** Tells whether a value follows. It may start with one dash, as negative numbers and `-created` do. */
function hasValue([next]: readonly string[]): boolean {
  return next !== undefined && !isLong(next) && next !== "--";
}

function isLong(token: string): boolean {
  return token.startsWith("--") && token.length > 2;
}

function splitInput(text: string): GivenInput {
  const equals = text.indexOf("=");
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw usageError(`Cannot read the input ${JSON.stringify(text)}: write --input name=value`);
}
