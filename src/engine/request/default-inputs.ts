import { isCapabilityError } from "../../base/capability-error.ts";
import type { BodyNode, Input, InputDefault, Operation } from "../../language/model/types.ts";
import { settingInvalid } from "../../language/overlays/config-error.ts";
import type { BindValues } from "../binds/bind-resolver.ts";
import { checkType } from "./check-inputs.ts";
import { renderBody } from "./render-body.ts";
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
 * @throws CapabilityError `CONFIG_INVALID` for a value that does not fit the input
 */
export function planDefault(operation: Operation, input: Input): DefaultPlan | undefined {
  if (input.default === undefined) return undefined;
  const { content, origin } = input.default;
  const needed = references([...bodyTemplates(content)]);
  if (needed.variables.length > 0 || needed.undeclared.length > 0) return { ...needed, input, origin, content };
  const value = checkDefault(operation, input, origin, renderBody(content, NO_VALUES));
  return { ...needed, input, origin, content: { kind: "constant", value } };
}

const NO_INPUTS = {};
const NO_VALUES = { inputs: new Map(), binds: new Map() };

/** Returns the defaults of a call that gives these inputs. */
export function absentDefaults(
  defaults: readonly DefaultPlan[],
  inputs: ReadonlyMap<string, unknown>,
): readonly DefaultPlan[] {
  return defaults.filter(({ input }) => !inputs.has(input.key));
}

/** Returns the inputs of a call, with defaults for those that the caller leaves out. */
export function fillDefaults(
  operation: Operation,
  defaults: readonly DefaultPlan[],
  inputs: ReadonlyMap<string, unknown>,
  binds: BindValues,
): ReadonlyMap<string, unknown> {
  const absent = absentDefaults(defaults, inputs);
  if (absent.length === 0) return inputs;
  const filled = new Map(inputs);
  for (const { input, origin, content } of absent) {
    const isConstant = content.kind === "constant";
    // The templates of defaults hold variables only.
    const value = isConstant
      ? content.value
      : checkDefault(operation, input, origin, renderBody(content, { inputs: NO_VALUES.inputs, binds }));
    filled.set(input.key, value);
  }
  return filled;
}

function checkDefault(operation: Operation, input: Input, origin: InputDefault["origin"], value: unknown): unknown {
  try {
    return checkType(operation, input, value, NO_INPUTS);
  } catch (error) {
    if (!isCapabilityError(error, "INPUT_INVALID")) throw error;
    throw settingInvalid(`The default of an overlay does not fit: ${error.message}`, origin);
  }
}
