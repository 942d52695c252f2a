import type { OptionKind } from "./option-kinds.ts";

/** One option, or one setting of overlays: everything that is known of it. */
export interface OptionRow {
  readonly kind: OptionKind;
  /** Value if neither the option nor an overlay gives one. */
  readonly default?: unknown;
  /** That value in words. */
  readonly otherwise?: string;
  /** Meaning of the number 0, if it is not a bound like any other. */
  readonly zero?: string;
  /** Meaning of the option. */
  readonly text: string;
  /** The same option of the command. */
  readonly flag?: Flag;
}

/** The rows of all options of a kind. One whose value is never `undefined` has a default. */
export type OptionRows<Options> = {
  readonly [Name in keyof Options]-?: OptionRow &
    (undefined extends Options[Name]
      ? { readonly default?: NonNullable<Options[Name]> }
      : { readonly default: Options[Name] });
};

/** Option of the command. */
export interface Flag {
  /** Name behind `--`. */
  readonly name: string;
  /** Name behind `-`. */
  readonly short?: string;
  /** Name of its value; in brackets if it may be left out. */
  readonly value?: string;
  readonly group: FlagGroup;
  /** Meaning, if not that of the option of the library. */
  readonly text?: string;
  /** Way to read its text, if not as its kind; `own`: the command does it apart. */
  readonly form?: "duration" | "headers" | "negation" | "optional" | "own" | "query";
  readonly isRepeatable?: boolean;
}

/** Groups of the command's help, in their order. */
export const FLAG_GROUPS = [
  "Inputs",
  "Capability",
  "What is sent",
  "Where to",
  "What is printed",
  "Pages and waiting",
  "Time and attempts",
  "Security and limits",
] as const;

type FlagGroup = (typeof FLAG_GROUPS)[number];

/** Completes options by the defaults of their table. */
export function withDefaults<Options>(
  rows: OptionRows<Options>,
  given: { readonly [Name in keyof Options]?: Options[Name] | undefined },
): Options {
  const names = Object.keys(rows) as (keyof Options)[];
  // Typed by `rows`, which `Object.fromEntries` does not follow.
  return Object.fromEntries(names.map(name => [name, given[name] ?? rows[name].default])) as Options;
}
