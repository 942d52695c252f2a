import type { NumberForm } from "../../base/numbers/exact-number.ts";
import { setMember } from "../../base/set-member.ts";
import type { Shape } from "../../language/model/exposed/types.ts";
import { renderBody } from "../request/render-body.ts";
import type { RenderScope } from "../request/render-template.ts";
import { scalarConversion } from "./convert-scalar.ts";

/** Makes a value of the file alone, and of inputs in its templates. `undefined` if no output has a value. */
type Mock = (scope: RenderScope) => unknown;

/** Name of an output without a name beside others. */
const UNNAMED = "value";

/**
 * Compiles outputs that have values (language chapter 7.2). A single object without a name is itself the answer; all others
 * are members of one.
 */
export function compileMock(shapes: readonly Shape[], numbers: NumberForm): Mock {
  const [only] = shapes;
  if (shapes.length === 1 && only !== undefined && only.name === undefined && only.type === "object")
    return compileValue(only, numbers);
  return compileMembers(
    shapes.map(shape => [shape.name ?? UNNAMED, shape]),
    numbers,
  );
}

function compileMembers(shapes: Iterable<readonly [name: string, shape: Shape]>, numbers: NumberForm): Mock {
  const members = Array.from(shapes, ([name, shape]) => ({ name, make: compileValue(shape, numbers) }));
  return scope => {
    let object: Record<string, unknown> | undefined;
    for (const { name, make } of members) {
      const value = make(scope);
      if (value === undefined) continue;
      object ??= {};
      setMember(object, name, value);
    }
    return object;
  };
}

function compileValue({ type, source, properties, items }: Shape, numbers: NumberForm): Mock {
  if (source?.kind === "value") {
    const { content } = source;
    const convert = scalarConversion(type, numbers);
    return scope => convert(renderBody(content, scope) ?? "");
  }
  if (type === "array" || items !== undefined) {
    const item: Mock = items === undefined ? () => undefined : compileValue(items, numbers);
    return scope => {
      const value = item(scope);
      return value === undefined ? undefined : [value];
    };
  }
  return properties === undefined ? () => undefined : compileMembers(properties, numbers);
}
