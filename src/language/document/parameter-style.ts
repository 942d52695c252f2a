import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { member } from "../../base/json-object.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type { ConsumedInputParameter } from "./document-types.ts";

/** Styles of OpenAPI 3.1, which say how arrays and objects are written (its chapter "Style Values"). */
export type StyleName = "simple" | "label" | "matrix" | "form" | "spaceDelimited" | "pipeDelimited" | "deepObject";

/** Way to write the value of a parameter. */
export type ParameterStyle =
  | { readonly ok: true; readonly style: StyleName; readonly explode: boolean }
  /** A combination without a meaning. `reason` is a sentence without its period. */
  | { readonly ok: false; readonly key: "x-style" | "x-explode"; readonly reason: string };

/** The styles of each location, the default first. */
const STYLES_IN: Readonly<Record<string, readonly StyleName[]>> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
  cookie: ["form"],
  // A field of a form; the whole body has no style.
  body: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
};

/** Returns the style that `x-style` and `x-explode` give a parameter, `undefined` if it has neither. */
export function parameterStyle(parameter: ConsumedInputParameter): ParameterStyle | undefined {
  const { name, in: location, "x-style": written, "x-explode": explode } = parameter;
  if (written === undefined && explode === undefined) return undefined;
  const allowed = location === "body" && name === "body" ? undefined : member(STYLES_IN, location);
  if (allowed === undefined) {
    const key = written === undefined ? "x-explode" : "x-style";
    return { ok: false, key, reason: `${key} means nothing for a parameter in "${location}": leave it out` };
  }
  const style = written === undefined ? allowed[0] : allowed.find(name => name === written);
  if (style === undefined) return { ok: false, key: "x-style", reason: styleProblem(written ?? "", location, allowed) };
  if (style === "deepObject" && explode === false)
    return {
      ok: false,
      key: "x-explode",
      reason: "x-style deepObject has no form that is not exploded: leave x-explode out",
    };
  if ((style === "spaceDelimited" || style === "pipeDelimited") && explode === true)
    return {
      ok: false,
      key: "x-explode",
      reason: `x-style ${style} has no exploded form: use form, or leave x-explode out`,
    };
  return { ok: true, style, explode: explode ?? (style === "form" || style === "deepObject") };
}

function styleProblem(written: string, location: string, allowed: readonly StyleName[]): string {
  const known = Object.values(STYLES_IN).flat();
  const nearest = known.some(name => name === written) ? "" : didYouMean(suggest(written, known));
  const wanted = allowed.length === 1 ? allowed[0] : `one of ${allowed.join(", ")}`;
  return `x-style ${quoteValue(written)} means nothing for a parameter in "${location}", which takes ${wanted}${nearest}`;
}
