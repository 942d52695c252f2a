import { isObject } from "../../../base/json-object.ts";
import { parameterInvalid } from "../input-error.ts";
import type { ParameterLocation } from "../parameter-location.ts";
import { percentEncode, scalarText } from "../scalar-text.ts";
import { styledText } from "../styled-text.ts";

const DEEPEST_OBJECT = 8;

/**
 * Query pairs. Arrays repeat the name, objects become `name[member]=value`, everything is percent-encoded, names too
 * (language chapter 5.4).
 */
export const query: ParameterLocation = {
  compile(parameter, operation) {
    const name = percentEncode(parameter.name);
    const prefix = `${name}=`;
    const style = parameter.style?.ok ? parameter.style : undefined;
    return (draft, value) => {
      const invalid = (problem: string) => parameterInvalid(operation, parameter, problem);
      if (!isObject(value)) {
        if (style?.style === "deepObject")
          throw invalid("is no object, and x-style deepObject has no form for anything else");
        const pair = prefix + percentEncode(scalarText(value, invalid), invalid);
        draft.query = draft.query === "" ? pair : `${draft.query}&${pair}`;
        return;
      }
      if (style?.style === "deepObject" && Array.isArray(value))
        throw invalid("is an array, which x-style deepObject has no form for");
      if (style !== undefined && style.style !== "deepObject") {
        const encode = (text: string) => percentEncode(text, invalid);
        const pairs = styledText(style, { name, value, encode, invalid });
        if (pairs !== undefined) draft.query = draft.query === "" ? pairs : `${draft.query}&${pairs}`;
        return;
      }
      for (const [name, text] of flatten(parameter.name, value, invalid, 0)) {
        const pair = `${percentEncode(name, invalid)}=${percentEncode(text, invalid)}`;
        draft.query = draft.query === "" ? pair : `${draft.query}&${pair}`;
      }
    };
  },
};

function* flatten(
  name: string,
  value: unknown,
  invalid: (problem: string) => Error,
  depth: number,
): Generator<readonly [name: string, text: string]> {
  if (depth > DEEPEST_OBJECT) throw invalid(`is nested more than ${DEEPEST_OBJECT} levels deep`);
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) yield* flatten(name, item, invalid, depth + 1);
  } else if (isObject(value)) {
    for (const [member, child] of Object.entries(value)) {
      yield* flatten(`${name}[${member}]`, child, invalid, depth + 1);
    }
  } else {
    yield [name, scalarText(value, invalid)];
  }
}
