import type { JsonPath, JsonPathStep } from "../expression/json-path.ts";

/** Reads what a path names: for a definite path the value or `null`, for an indefinite one always an array. */
export type Accessor = (root: unknown) => unknown;

/**
 * Compiles a path. Names, indexes, wildcards, slices and lists become plain loops; filters and descents are
 * jsonpath-plus's, loaded only for them, whose expressions run in its own interpreter and never as JavaScript.
 */
export async function compileJsonPath(path: JsonPath): Promise<Accessor> {
  if (path.steps.length === 0) return root => root ?? null;
  const complex = path.steps.findIndex(step => step.kind === "filter" || step.kind === "descendant");
  if (complex < 0) return compileSteps(path);
  const { JSONPath } = await import("jsonpath-plus");
  const prefix = definitePrefix(path.steps);
  const evaluate = (root: unknown): unknown =>
    JSONPath({ path: path.text, json: root as object, wrap: true, eval: "safe", ignoreEvalErrors: true });
  return root => {
    if (typeof root !== "object" || root === null || prefix(root) === undefined) return null;
    const found = evaluate(root);
    return Array.isArray(found) ? found : [];
  };
}

function compileSteps({ steps, definite }: JsonPath): Accessor {
  if (definite) {
    const read = definitePrefix(steps);
    return root => read(root) ?? null;
  }
  const prefix = definitePrefix(steps);
  const rest = steps.slice(steps.findIndex(step => !isDefinite(step))).map(compileStep);
  return root => {
    const start = prefix(root);
    // A missing definite prefix gives null, a wildcard without hits gives [] (language chapter 6.2).
    if (start === undefined || start === null) return null;
    let found: unknown[] = [start];
    for (const select of rest) {
      const next: unknown[] = [];
      for (const value of found) select(value, next);
      found = next;
    }
    return found;
  };
}

/** Reads the longest leading run of definite steps; `undefined` where something is missing. */
function definitePrefix(steps: readonly JsonPathStep[]): (root: unknown) => unknown {
  const end = steps.findIndex(step => !isDefinite(step));
  const getters = (end < 0 ? steps : steps.slice(0, end)).map(definiteStep);
  const [only] = getters;
  if (getters.length === 1 && only !== undefined) return only;
  return root => {
    let value = root;
    for (const get of getters) {
      value = get(value);
      if (value === undefined) return undefined;
    }
    return value;
  };
}

function isDefinite(step: JsonPathStep): boolean {
  return step.kind === "member" || step.kind === "members" || step.kind === "index";
}

function definiteStep(step: JsonPathStep): (value: unknown) => unknown {
  switch (step.kind) {
    case "member":
      return value => member(value, step.name);
    case "index":
      return value => (Array.isArray(value) ? value.at(step.index) : undefined);
    case "members":
      return value =>
        typeof value === "object" && value !== null && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).filter(([name]) => step.names.includes(name)))
          : undefined;
    default:
      throw new TypeError(`A ${step.kind} step is not definite`);
  }
}

/** Own members only: a path must not reach a prototype. */
function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** A step as a function that appends what it selects. Leaves that are missing are skipped, not padded. */
function compileStep(step: JsonPathStep): (value: unknown, found: unknown[]) => void {
  switch (step.kind) {
    case "wildcard":
      return (value, found) => {
        if (typeof value === "object" && value !== null)
          for (const item of Object.values(value)) found.push(item);
      };
    case "slice":
      return (value, found) => {
        if (Array.isArray(value)) for (const item of value.slice(step.start, step.end)) found.push(item);
      };
    case "indexes":
      return (value, found) => {
        if (!Array.isArray(value)) return;
        for (const index of step.indexes) {
          const item: unknown = value.at(index);
          if (item !== undefined) found.push(item);
        }
      };
    default: {
      const get = definiteStep(step);
      return (value, found) => {
        const item = get(value);
        if (item !== undefined) found.push(item);
      };
    }
  }
}
