import { declaredTags } from "../../document/declared-tags.ts";
import type { ExposedInputParameter, Step, ToolInputParameter } from "../../document/document-types.ts";
import type { UnitDeclaration } from "../../document/unit-declaration.ts";
import type { Operation } from "../types.ts";
import { allValues, callValues } from "./call-values.ts";
import { compileShapes } from "./compile-shapes.ts";
import { compileMappings, compileSteps } from "./compile-steps.ts";
import type { Shape, Unit, UnitHints, UnitInput, UnitWork } from "./types.ts";
import type { UnitContext } from "./unit-context.ts";
import { type CalledOperation, declaredInputs, derivedInputs, inheritedInputs, type Route } from "./unit-inputs.ts";
import { UnitScope } from "./unit-scope.ts";

interface UnitHead {
  readonly kind: Unit["kind"];
  readonly namespace: string;
  readonly name: string;
  readonly declaration: UnitDeclaration;
  readonly hints: UnitHints;
  readonly pointer: string;
  /** In the order in which later ones replace earlier ones. */
  readonly declared: readonly {
    readonly declaration: ExposedInputParameter | ToolInputParameter;
    readonly pointer: string;
  }[];
  readonly prefixes: ReadonlySet<string>;
  /** The operation that it calls, found by its place among the units of its server. */
  readonly operation: Operation | undefined;
  /** Present for a REST operation. */
  readonly route: Route | undefined;
  /** Folder of the file that declares it. */
  readonly folder: string | undefined;
}

/**
 * Unit that compiles its parts once, on first use: a file may expose hundreds, of which one server uses a few. Compiling
 * cannot fail, as the rules have found every error before.
 */
export class DeferredUnit implements Unit {
  readonly kind: Unit["kind"];
  readonly namespace: string;
  readonly name: string;
  readonly reference: string;
  readonly label: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly hints: UnitHints;
  readonly pointer: string;
  readonly #head: UnitHead;
  readonly #context: UnitContext;
  readonly #target: Unit | undefined;
  #inputs: ReadonlyMap<string, UnitInput> | undefined;
  #work: UnitWork | undefined;
  #outputs: { readonly shapes: readonly Shape[] | undefined } | undefined;

  constructor(head: UnitHead, context: UnitContext) {
    const { kind, namespace, name, declaration, pointer } = head;
    const target = declaration.ref === undefined ? undefined : context.functions.get(declaration.ref);
    this.kind = kind;
    this.namespace = namespace;
    this.name = name;
    this.reference = `${namespace}.${name}`;
    this.label = declaration.label ?? target?.label;
    this.description = declaration.description || (target?.description ?? declaration.description);
    this.tags = declaredTags(declaration);
    this.hints = head.hints;
    this.pointer = pointer;
    this.#head = head;
    this.#context = context;
    this.#target = target;
  }

  get inputs(): ReadonlyMap<string, UnitInput> {
    this.#inputs ??= this.#compileInputs();
    return this.#inputs;
  }

  get work(): UnitWork {
    this.#work ??= this.#compileWork();
    return this.#work;
  }

  get outputs(): readonly Shape[] | undefined {
    if (this.#outputs === undefined) {
      const { declaration, pointer } = this.#head;
      const shapes = compileShapes(declaration.outputParameters, this.#outputScope(), pointer);
      this.#outputs = { shapes: shapes ?? this.#target?.outputs };
    }
    return this.#outputs.shapes;
  }

  #compileInputs(): ReadonlyMap<string, UnitInput> {
    const { declared, route, pointer, prefixes, declaration } = this.#head;
    const called = this.#called();
    if (this.#target !== undefined) {
      const own = declaredInputs(declared, route, undefined);
      // A tool that declares inputs has no others; a route has those of its resource besides.
      const isWhole = declared.some(({ pointer: place }) => place.startsWith(`${pointer}/`));
      return isWhole ? own : inheritedInputs(this.#target.inputs, own, { route, with: declaration.with, prefixes });
    }
    // A resource has its placeholders, and nobody to give it more.
    const isDerived = declared.length === 0 && called !== undefined && this.kind !== "resource";
    if (isDerived) return derivedInputs(called, route, pointer);
    return declaredInputs(declared, route, called);
  }

  #called(): CalledOperation | undefined {
    const { operation, declaration, prefixes } = this.#head;
    if (operation === undefined) return undefined;
    return { operation, with: declaration.with, closed: this.#context.closedInputs(operation), prefixes };
  }

  #compileWork(): UnitWork {
    const { declaration, operation, pointer, folder } = this.#head;
    const scope = this.#scope([]);
    if (this.#target !== undefined) {
      const given = new Set(Object.keys(declaration.with ?? {}));
      // Inputs of the function that `with` does not name are the unit's of the same name.
      const same = [...this.#target.inputs.keys()].filter(name => !given.has(name) && this.inputs.has(name));
      const entries = same.map(name => ({ name, value: { kind: "input", name }, pointer }) as const);
      return {
        kind: "function",
        target: this.#target,
        with: [...allValues(declaration.with, scope, pointer), ...entries],
      };
    }
    if (declaration.steps !== undefined) {
      const inputs = new Set([...this.inputs.keys(), ...Object.keys(declaration.with ?? {})]);
      const names = { ...scope.names, inputs };
      const { steps } = declaration;
      const whole = new UnitScope({ ...names, steps }, this.#context.binds);
      return {
        kind: "steps",
        with: allValues(declaration.with, scope, pointer),
        steps: compileSteps(steps, { ...this.#context, names, folder }, pointer),
        mappings: compileMappings(declaration.mappings, whole, pointer),
      };
    }
    if (operation === undefined) return { kind: "mock" };
    const closed = this.#context.closedInputs(operation);
    const target = { operation, closed, binds: this.#context.binds };
    return { kind: "call", operation, with: callValues(declaration.with, target, scope, pointer) };
  }

  #scope(steps: readonly Step[], binds = this.#context.binds as UnitContext["binds"] | undefined): UnitScope {
    const { prefixes, kind } = this.#head;
    const inputs = new Set(this.inputs.keys());
    return new UnitScope({ prefixes, inputs, steps, bareInputs: kind === "function" }, binds);
  }

  /** Outputs show no variable of a bind. */
  #outputScope(): UnitScope {
    const { declaration } = this.#head;
    const { names } = this.#scope(declaration.steps ?? []);
    return new UnitScope(names, undefined);
  }
}
