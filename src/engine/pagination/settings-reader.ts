import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { quoteValue } from "../../base/visible-text.ts";
import { parseJsonPath } from "../../language/expression/json-path.ts";
import type { Operation } from "../../language/model/types.ts";
import { type Accessor, compileJsonPath } from "../outputs/compile-json-path.ts";
import { findInput } from "./input-value.ts";
import { SettingsError } from "./scheme.ts";

/** Reads the settings of one scheme: they may come from a file or from a program that no compiler has checked. */
export class SettingsReader {
  readonly #name: string;
  readonly #settings: JsonObject;
  readonly #operation: Operation;

  constructor(name: string, settings: unknown, operation: Operation, known: readonly string[]) {
    if (!isJsonObject(settings))
      throw new SettingsError(`has a "${name}" that is no object: ${quoteValue(settings)}`);
    for (const member of Object.keys(settings)) {
      if (known.includes(member)) continue;
      throw new SettingsError(
        `has "${name}.${member}", which is not known${didYouMean(suggest(member, known))}`,
      );
    }
    this.#name = name;
    this.#settings = settings;
    this.#operation = operation;
  }

  /** The name of an input that the operation takes. */
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
    throw new SettingsError(`has a "${this.#name}.${member}" that is no whole number: ${quoteValue(value)}`);
  }

  async path(member: string): Promise<Accessor> {
    return compilePath(`${this.#name}.${member}`, this.#settings[member]);
  }

  async optionalPath(member: string): Promise<Accessor | undefined> {
    return this.#settings[member] === undefined ? undefined : this.path(member);
  }
}

/** Compiles a path that reads one thing: the first one where it may find several. */
export async function compilePath(name: string, text: unknown): Promise<Accessor> {
  const { definite, read } = await compileAnyPath(name, text);
  if (definite) return read;
  return root => {
    const found = read(root);
    return Array.isArray(found) ? found[0] : found;
  };
}

/** Compiles a path as it is. */
export async function compileAnyPath(
  name: string,
  text: unknown,
): Promise<{ readonly definite: boolean; readonly read: Accessor }> {
  if (typeof text !== "string" || text.trim() === "")
    throw new SettingsError(`has a "${name}" that is no JSONPath: ${quoteValue(text)}`);
  const parsed = parseJsonPath(text);
  if (!parsed.ok) throw new SettingsError(`has a "${name}" that is no JSONPath: ${parsed.reason}`);
  return { definite: parsed.path.definite, read: await compileJsonPath(parsed.path) };
}
