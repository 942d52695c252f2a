import { getOrSet } from "../../base/get-or-set.ts";
import { needsValue, runFlags, shortFlags } from "./run-options.ts";
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

/** Part of a command line. */
export type Argument =
  | {
      readonly kind: "option";
      /** As written, with its dashes. */
      readonly written: string;
      readonly flag: ScannedFlag;
      /** Absent where none is needed, or none follows. */
      readonly text: string | undefined;
    }
  | { readonly kind: "input"; readonly name: string; readonly text: string | true }
  | { readonly kind: "operand"; readonly text: string }
  | { readonly kind: "end" };

/** Option as far as it tells the arguments behind it. */
export interface ScannedFlag {
  readonly name: string;
  /** Name of its value, as that of {@link Flag}. */
  readonly value?: string;
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
  for (const argument of argumentsOf(args, runFlag)) {
    switch (argument.kind) {
      case "option": {
        const { flag, written } = argument;
        const text = argument.text ?? (needsValue(flag) ? undefined : "true");
        if (text === undefined) throw usageError(`No value given for ${written}`);
        if (flag.name === "input") inputs.push(splitInput(text));
        else getOrSet(options, flag.name, () => []).push(text);
        if (isLong(written)) used.add(flag.name);
        break;
      }
      case "input":
        inputs.push([argument.name, argument.text]);
        break;
      case "operand":
        operands.push(argument.text);
    }
  }
  return { options, inputs, operands, used };
}

/** Finds an option of `run` by its name with the dashes. */
function runFlag(written: string): ScannedFlag | undefined {
  if (isLong(written)) return runFlags.get(written.slice(2))?.flag;
  return written.startsWith("-") ? shortFlags.get(written.slice(1))?.flag : undefined;
}

/**
 * Tells the parts of a command line.
 *
 * @param flagOf finds an option by its name with the dashes; other names with two dashes are those of inputs
 */
export function* argumentsOf(
  args: readonly string[],
  flagOf: (written: string) => ScannedFlag | undefined,
): Generator<Argument> {
  const rest = [...args];
  let areOptions = true;
  for (let token = rest.shift(); token !== undefined; token = rest.shift()) {
    const equals = token.indexOf("=");
    const written = equals < 0 ? token : token.slice(0, equals);
    const text = equals < 0 ? undefined : token.slice(equals + 1);
    const flag = areOptions ? flagOf(written) : undefined;
    if (areOptions && token === "--") {
      areOptions = false;
      yield { kind: "end" };
    } else if (flag !== undefined) {
      yield { kind: "option", written, flag, text: text ?? (needsValue(flag) ? takeValue(rest) : undefined) };
    } else if (isLong(written)) {
      yield { kind: "input", name: written.slice(2), text: text ?? takeValue(rest) ?? true };
    } else {
      yield { kind: "operand", text: token };
    }
  }
}

/** Takes the value that follows. It may start with one dash, as negative numbers and `-created` do. */
function takeValue(rest: string[]): string | undefined {
  const [next] = rest;
  return next === undefined || isLong(next) || next === "--" ? undefined : rest.shift();
}

function isLong(token: string): boolean {
  return token.startsWith("--") && token.length > 2;
}

function splitInput(text: string): GivenInput {
  const equals = text.indexOf("=");
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw usageError(`Cannot read the input ${JSON.stringify(text)}: write --input name=value`);
}
