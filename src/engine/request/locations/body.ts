import type { ParameterLocation } from "../parameter-location.ts";

/** An input named `body` is the whole body; others are members of a JSON object (language chapter 5.5). */
export const body: ParameterLocation = {
  compile(parameter) {
    const { name } = parameter;
    if (name === "body") {
      return (draft, value) => {
        draft.wholeBody = { parameter, value };
      };
    }
    return (draft, value) => {
      draft.bodyMembers ??= {};
      // Not an assignment: a parameter named "__proto__" must become a member.
      Object.defineProperty(draft.bodyMembers, name, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    };
  },
};
