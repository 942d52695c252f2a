import { isObject } from "../../../base/json-object.ts";
import { setMember } from "../../../base/set-member.ts";
import type { ParameterStyle } from "../../../language/document/parameter-style.ts";
import { isBinary } from "../binary-value.ts";
import { parameterInvalid } from "../input-error.ts";
import type { ParameterLocation } from "../parameter-location.ts";
import { type InvalidValue, isPresent, scalarText } from "../scalar-text.ts";

/**
 * An input named `body` is the whole body; others are members of a JSON object, or fields of a form (language chapter
 * 5.5).
 */
export const body: ParameterLocation = {
  compile(parameter, operation) {
    const { name } = parameter;
    if (name === "body") {
      return (draft, value) => {
        draft.wholeBody = { parameter, value };
      };
    }
    const style = parameter.style?.ok ? parameter.style : undefined;
    return (draft, value) => {
      draft.bodyMembers ??= {};
      const members =
        style !== undefined && isObject(value) && !isBinary(value)
          ? styledMembers(style, name, value, problem => parameterInvalid(operation, parameter, problem))
          : ([[name, value]] as const);
      for (const [key, member] of members) setMember(draft.bodyMembers, key, member);
    };
  },
};

const SEPARATORS = { form: ",", spaceDelimited: " ", pipeDelimited: "|" } as const;

/** Returns the fields that a list or an object becomes: one text, unless it is exploded. */
function styledMembers(
  { style, explode }: Extract<ParameterStyle, { readonly ok: true }>,
  name: string,
  value: object,
  invalid: InvalidValue,
): readonly (readonly [name: string, value: unknown])[] {
  if (style !== "form" && style !== "spaceDelimited" && style !== "pipeDelimited") return [[name, value]];
  if (explode) return Array.isArray(value) ? [[name, value]] : Object.entries(value);
  const items: readonly unknown[] = Array.isArray(value)
    ? value.filter(isPresent)
    : Object.entries(value)
        .filter(([, member]) => isPresent(member))
        .flat();
  return items.length === 0 ? [] : [[name, items.map(item => scalarText(item, invalid)).join(SEPARATORS[style])]];
}
