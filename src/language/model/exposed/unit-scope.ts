import { isJsonObject } from "../../../base/json-object.ts";
import { writtenMember } from "../../document/written-numbers.ts";
import { parseJsonPath } from "../../expression/json-path.ts";
import { createPath, type JsonPath, type JsonPathFilter } from "../../expression/json-path-steps.ts";
import { parseTemplate } from "../../expression/template.ts";
import type { BindScope } from "../bind-scope.ts";
import { resolveReference } from "../compile-template.ts";
import type { BodyNode, Reference, Template } from "../types.ts";
import type { ScopeValue, StepPath } from "./types.ts";

/** A step that is done before the text is read. */
interface EarlierStep {
  readonly name: string;
  readonly type: string;
}

export interface ScopeNames {
  /** Words before the dot of an input: the namespace of the server or aggregate, and `rest`, `tools` or `mcp`. */
  readonly prefixes: ReadonlySet<string>;
  /** Inputs of the unit, and names that its own `with` sets. */
  readonly inputs: ReadonlySet<string>;
  readonly steps: readonly EarlierStep[];
  /** Whether a text that equals an input's name means the input, as in `with` of a function (language chapter 9). */
  readonly bareInputs: boolean;
}

/**
 * Meaning of the texts of one unit or step (language chapters 4.2 and 4.3). Remembers the earlier steps that they refer
 * to.
 */
export class UnitScope {
  readonly names: ScopeNames;
  /** Earlier steps that a text refers to. */
  readonly used: Set<string> = new Set();
  readonly #binds: BindScope | undefined;
  readonly #steps: ReadonlySet<string>;

  /** @param binds absent where no bind may be read: in outputs */
  constructor(names: ScopeNames, binds: BindScope | undefined) {
    this.names = names;
    this.#binds = binds;
    this.#steps = new Set(names.steps.map(({ name }) => name));
  }

  /** Compiles a member of `with`. */
  withValue(holder: object, name: string): ScopeValue {
    const written = writtenMember(holder, name);
    if (typeof written !== "string") return this.#data(holder, name);
    return this.#inputOf(written) ?? this.#pathOf(written) ?? this.#data(holder, name);
  }

  /** Compiles the value that a lookup searches for, or the items of a loop: here every path is one over steps. */
  searched(holder: object, name: string): ScopeValue {
    const written = writtenMember(holder, name);
    if (typeof written !== "string") return this.#data(holder, name);
    const text = written.trim();
    if (isPath(text)) return this.#inputAtPath(text) ?? this.stepPath(text);
    return this.#inputOf(text) ?? this.#data(holder, name);
  }

  /** Compiles literal data with templates in it. */
  content(holder: object, name: string): BodyNode {
    return this.#data(holder, name);
  }

  /**
   * Compiles a path over the outputs of steps (language chapter 6.5). One that begins with no step's name is about the
   * only call step, if there is one alone.
   *
   * @throws TypeError for a path that validation refuses
   */
  stepPath(written: string): StepPath {
    const path = requirePath(written);
    const [first, ...rest] = path.steps;
    if (first?.kind === "member" && this.#steps.has(first.name)) {
      this.used.add(first.name);
      return { kind: "path", step: first.name, path: createPath(path.text, rest) };
    }
    const calls = this.names.steps.filter(({ type }) => type === "call");
    const [only] = calls;
    if (first !== undefined && calls.length === 1 && only !== undefined) {
      this.used.add(only.name);
      return { kind: "path", step: only.name, path };
    }
    this.useAll();
    return { kind: "path", step: undefined, path };
  }

  /** Remembers the steps that a filter asks. */
  useFilter(filter: JsonPathFilter): void {
    for (const steps of pathsIn(filter)) {
      const [first] = steps;
      if (first?.kind !== "member") this.useAll();
      else if (this.#steps.has(first.name)) this.used.add(first.name);
    }
  }

  /** Remembers all earlier steps. */
  useAll(): void {
    for (const { name } of this.names.steps) this.used.add(name);
  }

  /** Tells whether an earlier step has a name, and remembers it. */
  useStep(name: string): boolean {
    if (!this.#steps.has(name)) return false;
    this.used.add(name);
    return true;
  }

  /** Returns the input that a whole text means: `namespace.input`, `$this.namespace.input`, or a bare name. */
  #inputOf(text: string): ScopeValue | undefined {
    const relic = text.startsWith("$this.") ? text.slice("$this.".length) : text;
    const name = afterPrefix(relic, this.names.prefixes);
    if (name !== undefined) {
      const reference = this.#reference(name);
      return reference.kind === "input" && reference.members.length > 0
        ? single(text, reference)
        : { kind: "input", name };
    }
    if (this.names.bareInputs && this.names.inputs.has(text)) return { kind: "input", name: text };
    return undefined;
  }

  /** Returns the earlier step that a path or the relic `$step.field` begins with. */
  #pathOf(written: string): StepPath | undefined {
    if (this.#steps.size === 0) return undefined;
    const text = written.trim();
    if (isPath(text)) {
      const parsed = parseJsonPath(text);
      const [first] = parsed.ok ? parsed.path.steps : [];
      return first?.kind === "member" && this.#steps.has(first.name) ? this.stepPath(text) : undefined;
    }
    const relic = /^\$([^.[\s]+)(?=[.[]|$)/.exec(text)?.[1];
    if (relic === undefined || !this.#steps.has(relic)) return undefined;
    return parseJsonPath(`$.${text.slice(1)}`).ok ? this.stepPath(`$.${text.slice(1)}`) : undefined;
  }

  /** Returns the input that a path names by members alone, if no step has its name. */
  #inputAtPath(text: string): ScopeValue | undefined {
    const { steps } = requirePath(text);
    const [first] = steps;
    if (first?.kind !== "member" || this.#steps.has(first.name) || !this.names.inputs.has(first.name)) return undefined;
    const members = steps.slice(1).map(step => (step.kind === "member" ? step.name : undefined));
    if (members.includes(undefined)) return undefined;
    return single(text, { kind: "input", name: first.name, members: members.filter(name => name !== undefined) });
  }

  #data(holder: object, name: string): BodyNode {
    const data = writtenMember(holder, name);
    if (typeof data === "string") return this.#text(data);
    if (Array.isArray(data)) return { kind: "array", items: data.map((_, index) => this.#nested(data, String(index))) };
    if (!isJsonObject(data)) return { kind: "constant", value: data };
    return {
      kind: "object",
      members: Object.keys(data).map(key => [this.#template(key), this.#nested(data, key)]),
    };
  }

  /** Compiles a value inside a list or an object of `with`. */
  #nested(holder: object, name: string): BodyNode {
    const written = writtenMember(holder, name);
    const input = typeof written === "string" ? this.#inputOf(written) : undefined;
    if (input?.kind === "input") return single(String(written), { kind: "input", name: input.name, members: [] });
    return input === undefined || input.kind === "path" ? this.#data(holder, name) : input;
  }

  #text(text: string): BodyNode {
    const template = this.#template(text);
    const [only] = template.parts;
    if (template.parts.length === 1 && typeof only === "object") return { kind: "value", template };
    return template.parts.some(part => typeof part === "object")
      ? { kind: "text", template }
      : { kind: "constant", value: text };
  }

  /** @throws TypeError for a template that validation refuses */
  #template(text: string): Template {
    if (!text.includes("{{")) return { text, parts: [text] };
    const parsed = parseTemplate(text, "double");
    if (!parsed.ok) throw new TypeError(`Invalid template ${text}: ${parsed.reason}`);
    return { text, parts: parsed.parts.map(part => (typeof part === "string" ? part : this.#resolve(part.name))) };
  }

  /** Resolves a name. Binds come first, so that a caller's value never replaces a secret. */
  #resolve(name: string): Reference {
    if (this.#binds === undefined) return this.#reference(name);
    const onInput = (given: string): readonly [string, readonly string[]] | undefined => {
      const reference = this.#reference(given);
      return reference.kind === "input" ? [reference.name, reference.members] : undefined;
    };
    return resolveReference(name, { scope: this.#binds, onInput });
  }

  /** Returns the input or step that a name means: by its whole text, else by the part before its first dot. */
  #reference(written: string): Reference {
    const isKnown = (name: string) => this.names.inputs.has(name) || this.#steps.has(name);
    const [head = ""] = written.split(".", 1);
    const inside = isKnown(head) ? undefined : afterPrefix(written, this.names.prefixes);
    const name = isKnown(written) ? written : (inside ?? written);
    this.useStep(name);
    if (isKnown(name)) return { kind: "input", name, members: [] };
    const [first = name, ...members] = name.split(".");
    this.useStep(first);
    return isKnown(first) || inside === undefined
      ? { kind: "input", name: first, members }
      : { kind: "input", name, members: [] };
  }
}

/** Returns the part of `namespace.input` after the first dot, if the part before it is one of the words. */
export function afterPrefix(text: string, prefixes: ReadonlySet<string>): string | undefined {
  const dot = text.indexOf(".");
  if (dot <= 0 || dot === text.length - 1 || !prefixes.has(text.slice(0, dot))) return undefined;
  return text.slice(dot + 1);
}

/** Tells a path, alone or in braces, from other texts. */
function isPath(text: string): boolean {
  return /^(?:\{\{\s*)?\$(?:[.[]|\s*(?:\}\})?$)/.test(text);
}

function requirePath(written: string): JsonPath {
  const parsed = parseJsonPath(written.trim());
  if (!parsed.ok) throw new TypeError(`Invalid JSONPath ${written}: ${parsed.reason}`);
  return parsed.path;
}

function single(text: string, reference: Reference): BodyNode {
  return { kind: "value", template: { text, parts: [reference] } };
}

/** Yields the steps of every path in a filter. */
function* pathsIn(value: unknown): Generator<JsonPath["steps"]> {
  if (Array.isArray(value)) for (const item of value) yield* pathsIn(item);
  else if (isJsonObject(value)) {
    const { kind, path } = value as { readonly kind?: unknown; readonly path?: JsonPath };
    if (kind === "path" && path !== undefined) yield path.steps;
    for (const member of Object.values(value)) yield* pathsIn(member);
  }
}
