import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { quoteValue } from "../../base/visible-text.ts";
import { parseWrittenPath } from "../../language/expression/json-path.ts";
import type { Operation } from "../../language/model/types.ts";
import { type Accessor, compileJsonPath } from "../outputs/compile-json-path.ts";
import { findInput } from "./input-value.ts";
import { SettingsError } from "./scheme.ts";

/** A reader of the settings of one scheme, which may come from an unchecked file or program. */
export class SettingsReader {
  readonly #name: string;
  readonly #settings: JsonObject;
  readonly #operation: Operation;

  constructor(name: string, settings: unknown, operation: Operation, known: readonly string[]) {
    if (!isJsonObject(settings))
      throw new SettingsError(`has a "${name}" that is not an object: ${quoteValue(settings)}`);
    for (const member of Object.keys(settings)) {
      if (known.includes(member)) continue;
      throw new SettingsError(`has "${name}.${member}", which is not known${didYouMean(suggest(member, known))}`);
    }
    this.#name = name;
    this.#settings = settings;
    this.#operation = operation;
  }

  /** Returns the name of an input of the operation. */
  input(): string {
    const { input } = this.#settings;
    if (typeof input !== "string" || input === "")
      throw new SettingsError(`has no "${this.#name}.input" that names an input`);
    if (findInput(this.#operation, input) !== undefined) return input;
    const names = [...this.#operation.inputs.keys()];
    throw new SettingsError(
      `names the input ${JSON.stringify(input)}, which the operation does not take${didYouMean(suggest(input, names))}`,
    );
  }

  number(member: string, otherwise: number): number {
    const value = this.#settings[member] ?? otherwise;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    throw new SettingsError(`has a "${this.#name}.${member}" that is not a whole number: ${quoteValue(value)}`);
  }

  path(member: string): Accessor {
    return compilePath(`${this.#name}.${member}`, this.#settings[member]);
  }

  optionalPath(member: string): Accessor | undefined {
    return this.#settings[member] === undefined ? undefined : this.path(member);
  }
}

/** Compiles a path that reads one value: the first if it finds several. */
export function compilePath(name: string, text: unknown): Accessor {
  const { definite, read } = compileAnyPath(name, text);
  if (definite) return read;
  return root => {
    const found = read(root);
    return Array.isArray(found) ? found[0] : found;
  };
}

/** Compiles a path. */
export function compileAnyPath(name: string, text: unknown): { readonly definite: boolean; readonly read: Accessor } {
  if (typeof text !== "string" || text.trim() === "")
    throw new SettingsError(`has a "${name}" that is not a JSONPath: ${quoteValue(text)}`);
  const parsed = parseWrittenPath(text);
  if (!parsed.ok) throw new SettingsError(`has a "${name}" that is not a JSONPath: ${parsed.reason}`);
  return { definite: parsed.path.definite, read: compileJsonPath(parsed.path) };
}
