import { isJsonObject, member } from "../../base/json-object.ts";
import type { Input, Operation } from "../../language/model/types.ts";
import type { Inputs } from "../request/check-inputs.ts";

/** The name of a member of the input `body`, for APIs that take the position in a body that callers give as a whole. */
const BODY_MEMBER = /^body\.([^.]+)$/;

/** Finds the input that a pagination names: `cursor`, or `body.cursor` for a member of the input `body`. */
export function findInput({ inputs }: Operation, name: string): Input | undefined {
  return inputs.get(name) ?? (BODY_MEMBER.test(name) ? inputs.get("body") : undefined);
}

/** Returns the value from the caller, else the default of an overlay. */
export function inputValue(operation: Operation, inputs: Inputs, name: string): unknown {
  const input = operation.inputs.get(name);
  if (input !== undefined) return member(inputs, name) ?? input.default?.value;
  const body = member(inputs, "body");
  const [, inner] = BODY_MEMBER.exec(name) ?? [];
  return inner !== undefined && isJsonObject(body) ? (member(body, inner) ?? undefined) : undefined;
}

/** Returns the inputs with one value replaced. */
export function withInput(operation: Operation, inputs: Inputs, name: string, value: unknown): Inputs {
  const [, inner] = BODY_MEMBER.exec(name) ?? [];
  if (operation.inputs.has(name) || inner === undefined) return withMember(inputs, name, value);
  const body = member(inputs, "body");
  return withMember(inputs, "body", withMember(isJsonObject(body) ? body : {}, inner, value));
}

/** Returns an object with one member replaced. It is defined, not assigned: `__proto__` must not reach a prototype. */
function withMember(object: Inputs, name: string, value: unknown): Inputs {
  return Object.defineProperty({ ...object }, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
