import { isCapabilityError } from "../../base/capability-error.ts";
import type { BodyNode, Input, InputDefault, Operation } from "../../language/model/types.ts";
import { settingInvalid } from "../../language/overlays/config-error.ts";
import type { BindValues } from "../binds/bind-resolver.ts";
import { checkType } from "./check-inputs.ts";
import type { InputChecks } from "./input-checks.ts";
import { renderBody } from "./render-body.ts";
import { requestInvalid } from "./request-error.ts";
import { bodyTemplates, type References, references } from "./template-references.ts";

/** Default for an input, computed as far as it needs no variable. */
export interface DefaultPlan extends References {
  readonly input: Input;
  readonly origin: InputDefault["origin"];
  readonly content: BodyNode;
}

/**
 * Plans the default of an input, if it has one.
 *
 * @throws CapabilityError `CONFIG_INVALID` for a value of an overlay that does not fit the input
 */
export function planDefault(operation: Operation, input: Input, checks: InputChecks): DefaultPlan | undefined {
  if (input.default === undefined) return undefined;
  const { content, origin } = input.default;
  // One of the file that does not fit only ends calls that need it.
  if (origin === undefined) return { ...NO_REFERENCES, input, origin, content };
  const needed = references([...bodyTemplates(content)].map(template => [template, { source: origin.source }]));
  if (needed.variables.length > 0 || needed.undeclared.length > 0) return { ...needed, input, origin, content };
  const value = checkDefault(operation, input, checks, renderBody(content, NO_VALUES));
  return { ...needed, input, origin, content: { kind: "constant", value } };
}

const NO_INPUTS = {};
const NO_REFERENCES: References = { variables: [], undeclared: [] };
const NO_VALUES = { inputs: new Map(), binds: new Map() };

/** Returns the defaults of a call that gives these inputs. */
export function absentDefaults(
  defaults: readonly DefaultPlan[],
  inputs: ReadonlyMap<string, unknown>,
): readonly DefaultPlan[] {
  return defaults.filter(({ input }) => !inputs.has(input.key));
}

/** The part of a plan that fills in defaults. */
interface DefaultsOf {
  readonly operation: Operation;
  readonly defaults: readonly DefaultPlan[];
  readonly checks: InputChecks;
}

/** Returns the inputs of a call, with defaults for those that the caller leaves out. */
export function fillDefaults(
  { operation, defaults, checks }: DefaultsOf,
  inputs: ReadonlyMap<string, unknown>,
  binds: BindValues,
): ReadonlyMap<string, unknown> {
  const absent = absentDefaults(defaults, inputs);
  if (absent.length === 0) return inputs;
  const filled = new Map(inputs);
  for (const { input, origin, content } of absent) {
    const isChecked = content.kind === "constant" && origin !== undefined;
    // The templates of defaults hold variables only.
    const value = isChecked
      ? content.value
      : checkDefault(operation, input, checks, renderBody(content, { inputs: NO_VALUES.inputs, binds }));
    filled.set(input.key, value);
  }
  return filled;
}

function checkDefault(operation: Operation, input: Input, checks: InputChecks, value: unknown): unknown {
  try {
    const typed = checkType(operation, input, value, NO_INPUTS);
    checks.get(input.key)?.(typed);
    return typed;
  } catch (error) {
    if (!isCapabilityError(error, "INPUT_INVALID")) throw error;
    const origin = input.default?.origin;
    if (origin !== undefined) throw settingInvalid(`The default of an overlay does not fit: ${error.message}`, origin);
    throw requestInvalid(operation, `the default of the file does not fit: ${error.message}`, {
      pointer: `${input.pointer}/default`,
      cause: error,
    });
  }
}
