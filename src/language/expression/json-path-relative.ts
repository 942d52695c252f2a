import {
  isRelative,
  JSON_PATH_TYPES,
  type JsonPathSelector,
  type JsonPathStep,
  type RelativeStep,
} from "./json-path-steps.ts";
import { PathProblem, type PathText } from "./path-text.ts";

const TYPE = new RegExp(`@(${JSON_PATH_TYPES.join("|")})\\(\\)`, "y");

/** Reads `^`, `~` or `@number()`. Returns `undefined` if none of them comes next. */
export function readRelativeStep(path: PathText): RelativeStep | undefined {
  if (path.take("^")) return { kind: "parent" };
  if (path.take("~")) return { kind: "key" };
  const name = path.match(TYPE)?.[1];
  const type = JSON_PATH_TYPES.find(known => known === name);
  return type === undefined ? undefined : { kind: "type", type };
}

/**
 * Checks what stands in a path with `^`, `~` or a type: they are read by JSONPath Plus, whose filters are code, and whose
 * names have no escapes.
 */
export function requireRelative(steps: readonly JsonPathStep[]): void {
  const first = steps.findIndex(isRelative);
  if (first < 0) return;
  if (first === 0) throw new PathProblem('"^", "~" or a type stands behind "$": it is of the values of a step');
  const last = steps.findIndex(({ kind }) => kind === "key" || kind === "type");
  const after = last < 0 ? undefined : steps[last + 1];
  if (after !== undefined && after.kind !== "function")
    throw new PathProblem('"~" or a type such as "@number()" is not the last step');
  requireAbove(steps);
  for (const step of steps) {
    if (step.kind === "union") step.selectors.forEach(requireSimple);
    else if (step.kind === "function" || step.kind === "descendant" || isRelative(step)) continue;
    else requireSimple(step as JsonPathSelector);
  }
}

/** Checks that `^` has something above it, and stands twice only where JSONPath Plus goes up from the right place. */
function requireAbove(steps: readonly JsonPathStep[]): void {
  let depth = 0;
  let isDirect = true;
  for (const [index, { kind }] of steps.entries()) {
    if (kind === "parent") {
      if (steps[index - 1]?.kind === "parent" && !isDirect)
        throw new PathProblem('"^" stands twice behind an index, a slice, a list or "..", which is not supported');
      if (--depth < 0) throw new PathProblem('"^" stands where nothing is above: the root has no parent');
    } else if (kind === "member" || kind === "wildcard") depth++;
    else if (kind === "index" || kind === "slice" || kind === "union" || kind === "descendant") {
      isDirect = false;
      if (kind !== "descendant") depth++;
    }
  }
}

/** Characters that JSONPath Plus would read as syntax, wherever they stand. */
const UNSAFE_NAME = /['"[\]();^~%#`,\p{Cc}]/u;

function requireSimple(selector: JsonPathSelector): void {
  if (selector.kind === "filter") throw new PathProblem('a filter stands in a path with "^", "~" or a type');
  if (selector.kind === "slice" && selector.step < 1)
    throw new PathProblem('a slice that goes back stands in a path with "^", "~" or a type');
  if (selector.kind !== "member") return;
  const { name } = selector;
  if (name === "" || UNSAFE_NAME.test(name))
    throw new PathProblem(`the name ${JSON.stringify(name)} stands in a path with "^", "~" or a type`);
}
