import { parameterStyle } from "../../document/parameter-style.ts";
import type { Rule } from "../rule.ts";

/** Finds parameters whose `x-style` and `x-explode` have no meaning together, or not in their location. */
export const parameterStyleRule: Rule = {
  name: "parameter-style",
  kinds: ["warning"],
  explanation:
    "A parameter has an x-style or x-explode without a meaning, by itself or in its location: a call that gives the parameter fails.",
  fix: "Use a style of the location, as OpenAPI 3.1 lists them, or leave both out.",
  parameter(parameter, pointer, report) {
    const style = parameterStyle(parameter);
    if (style?.ok === false)
      report("warning", `${pointer}/${style.key}`, `Parameter "${parameter.name}": ${style.reason}`);
  },
};
