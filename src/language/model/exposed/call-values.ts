import { pointerSegment } from "../../../base/json-pointer.ts";
import type { BindScope } from "../bind-scope.ts";
import type { Operation } from "../types.ts";
import { hostInputs } from "./closed-inputs.ts";
import type { ScopeValue, WithEntry } from "./types.ts";
import type { UnitScope } from "./unit-scope.ts";

type With = Readonly<Record<string, unknown>>;

interface CallTarget {
  readonly operation: Operation;
  /** Inputs that no caller fills, by key. */
  readonly closed: ReadonlySet<string>;
  readonly binds: BindScope;
}

/**
 * Compiles where each input of a called operation has its value from: `with`; else the input of the unit, or the output
 * of the step, of the same name; for a placeholder of the base URI a bind variable of its name (language chapter 5.2,
 * rule 5). An input that is closed to callers takes no value of theirs.
 */
export function callValues(
  written: With | undefined,
  { operation, closed, binds }: CallTarget,
  scope: UnitScope,
  pointer: string,
): readonly WithEntry[] {
  const entries: WithEntry[] = [];
  const given = new Set<string>();
  const values = new Map<string, ScopeValue>();
  const hosts = hostInputs(operation);
  for (const [key, { name, default: fallback }] of operation.inputs) {
    const member = written === undefined ? undefined : [key, name].find(each => Object.hasOwn(written, each));
    const isClosed = closed.has(key);
    if (written !== undefined && member !== undefined) {
      let value = values.get(member);
      if (value === undefined) {
        value = scope.withValue(written, member);
        values.set(member, value);
      }
      given.add(key);
      if (!isClosed || !isOfCaller(value)) {
        entries.push({ name: key, value, pointer: `${pointer}/with/${pointerSegment(member)}` });
        continue;
      }
    }
    if (isClosed) {
      const isNeeded = hosts.has(key) && fallback === undefined;
      if (isNeeded) entries.push({ name: key, value: hostVariable(name, binds, operation), pointer });
    } else if (!given.has(key)) {
      const value = ofSameName(name, scope);
      if (value !== undefined) entries.push({ name: key, value, pointer });
    }
  }
  return entries;
}

/** Compiles all members of a `with`, as the scope of steps, a function or a script has them. */
export function allValues(written: With | undefined, scope: UnitScope, pointer: string): readonly WithEntry[] {
  return Object.keys(written ?? {}).map(name => ({
    name,
    value: scope.withValue(written as With, name),
    pointer: `${pointer}/with/${pointerSegment(name)}`,
  }));
}

function ofSameName(name: string, scope: UnitScope): ScopeValue | undefined {
  if (scope.useStep(name)) return { kind: "path", step: name, path: { text: "$", steps: [], definite: true } };
  return scope.names.inputs.has(name) ? { kind: "input", name } : undefined;
}

/** Tells whether a caller has a say in a value: it is an input, or comes from a step. */
function isOfCaller(value: ScopeValue): boolean {
  switch (value.kind) {
    case "constant":
      return false;
    case "text":
    case "value":
      return value.template.parts.some(part => typeof part === "object" && part.kind === "input");
    case "array":
      return value.items.some(isOfCaller);
    case "object":
      return value.members.some(([, member]) => isOfCaller(member));
    default:
      return true;
  }
}

/**
 * Returns the bind variable of a placeholder's name in upper snake case. Without one no call can be made until a setting
 * gives a value.
 */
function hostVariable(name: string, binds: BindScope, { adapter }: Operation): ScopeValue {
  const snake = name.replace(/[^A-Za-z0-9]+/g, "_");
  const names = [snake, snake.replace(/([a-z0-9])([A-Z])/g, "$1_$2")].map(text => text.toUpperCase());
  const bound = names.map(text => binds.bareReference(text)).find(found => found !== undefined);
  const problem = `a part of the base URI of ${adapter.namespace}, which callers do not choose: bind ${names.at(-1)}, or set the base URI`;
  const reference = bound ?? { kind: "undeclared" as const, name, problem, declared: [] };
  return { kind: "value", template: { text: name, parts: [reference] } };
}
