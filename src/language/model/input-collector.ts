import type { BindVariable } from "../document/declared-binds.ts";
import type { ConsumedInputParameter } from "../document/document-types.ts";
import { asType, inputSchemas, inputType, itemType } from "../document/input-schema.ts";
import type { CredentialPlace } from "../document/kinds.ts";
import type { NamedSchemas } from "../document/named-schemas.ts";
import { writtenValue } from "../document/written-numbers.ts";
import { isVariableName } from "../expression/mistaken-reference.ts";
import { isTransportHeader } from "../expression/transport-header.ts";
import type { Input, ParameterIn } from "./types.ts";

/** Input behind a placeholder, and the members of its value. */
type TemplateInput = readonly [input: string, members: readonly string[]];

/** Inputs of one operation: the declared ones in file order, then those that placeholders imply. */
export class InputCollector {
  readonly #inputs = new Map<string, Input>();
  readonly #names: DeclaredNames;
  readonly #impliedByPath: ReadonlySet<string>;
  readonly #variables: readonly BindVariable[];
  readonly #named: NamedSchemas | undefined;

  /**
   * @param declarations every parameter of the operation, to know which names two locations share
   * @param impliedByPath placeholders of the path that no parameter declares
   * @param variables what the file binds
   * @param named schemas of the adapter
   */
  constructor(
    declarations: readonly ConsumedInputParameter[],
    impliedByPath: ReadonlySet<string>,
    variables: readonly BindVariable[],
    named: NamedSchemas | undefined,
  ) {
    this.#names = new DeclaredNames(declarations);
    this.#impliedByPath = impliedByPath;
    this.#variables = variables;
    this.#named = named;
  }

  /** Adds a declared parameter that has no `value`, and returns its key. */
  declare(declaration: ConsumedInputParameter, pointer: string): string {
    const location = declaration.in as ParameterIn;
    const unsendable = location === "header" && isTransportHeader(declaration.name);
    const type = inputType(declaration);
    const value = asType(type, writtenValue(declaration, "default"));
    const hasDefault = value !== undefined && value !== null;
    const schemas = inputSchemas(declaration, this.#named);
    return this.#add({
      key: this.#key(declaration.name, location),
      name: declaration.name,
      in: location,
      type,
      required: !hasDefault && (location === "path" || ((declaration.required ?? false) && !unsendable)),
      ...(declaration.description ? { description: declaration.description } : {}),
      pointer,
      ...(hasDefault ? { default: { value, origin: undefined, content: { kind: "constant", value } } } : {}),
      ...(type === "array" ? { itemType: itemType(declaration) } : {}),
      ...(schemas.length > 0 ? { schemas } : {}),
    });
  }

  /** Adds the input that a path placeholder implies. */
  needPathInput(name: string, pointer: string): string {
    const key = this.#key(name, "path");
    return this.#inputs.has(key) ? key : this.#imply(key, name, "path", true, pointer);
  }

  /**
   * Finds the declared input behind a template placeholder: the input whose name is the whole text, else the input named
   * by the part before the first dot, with the rest as members.
   */
  findTemplateInput(written: string): TemplateInput | undefined {
    return this.#findTemplateInput(written) ?? this.#findTemplateInput(withoutUnit(written));
  }

  /** Adds the input behind a template placeholder that no declared input has, unless it is there. */
  implyTemplateInput(written: string, pointer: string): TemplateInput {
    const name = withoutUnit(written);
    const [head = name, ...members] = name.split(".");
    if (!this.#inputs.has(head)) this.#implyByTemplate(head, pointer);
    return [head, members];
  }

  #findTemplateInput(name: string): TemplateInput | undefined {
    const whole = this.#keyOf(name);
    if (whole !== undefined) return [whole, []];
    const [head = name, ...members] = name.split(".");
    const key = this.#keyOf(head);
    return key === undefined ? undefined : [key, members];
  }

  /** Makes an input optional: the request is complete without it. */
  makeOptional(key: string): void {
    const input = this.#inputs.get(key);
    if (input !== undefined) this.#inputs.set(key, { ...input, required: false });
  }

  /**
   * Finds or adds the input behind a placeholder of the adapter's base URI: a path parameter of the name, else any
   * other input of the name. It stays optional if an option replaces that base URI.
   */
  needBaseUriInput(name: string, pointer: string, required: boolean): string {
    const inPath = this.#inputs.get(`path:${name}`);
    const first = this.#inputs.get(name) ?? this.#inputs.get(this.#keyOf(name) ?? "");
    const input = [inPath, first].find(found => found?.name === name);
    if (input === undefined) return this.#imply(name, name, "baseUri", required, pointer);
    if (required && input.default === undefined) this.#inputs.set(input.key, { ...input, required });
    return input.key;
  }

  /**
   * Makes the header or query parameter of the adapter's credential optional: authentication fills it.
   *
   * @param isSent is asked only if an input has the place of the credential
   */
  relaxCredential(place: CredentialPlace, isSent: () => boolean): void {
    for (const [key, input] of this.#inputs) {
      if (!input.required || input.in !== place.in) continue;
      const name = place.in === "header" ? input.name.toLowerCase() : input.name;
      if (name === place.name && isSent()) this.#inputs.set(key, { ...input, required: false });
    }
  }

  finish(): ReadonlyMap<string, Input> {
    return this.#inputs;
  }

  /** Adds the input of a placeholder. One in the form of a variable has no other source than a caller who knows it. */
  #implyByTemplate(name: string, pointer: string): void {
    const looksBound = isVariableName(name);
    this.#add({
      key: name,
      name,
      in: "template",
      type: "any",
      required: looksBound,
      pointer,
      ...(looksBound ? { undeclaredAmong: this.#variables } : {}),
    });
  }

  #imply(key: string, name: string, location: Input["in"], required: boolean, pointer: string): string {
    return this.#add({ key, name, in: location, type: "string", required, pointer });
  }

  #add(input: Input): string {
    this.#inputs.set(input.key, input);
    return input.key;
  }

  /** Returns the name if one location alone has it, else `location:name`. */
  #key(name: string, location: ParameterIn): string {
    const shared =
      (location !== "path" && this.#impliedByPath.has(name)) ||
      (name.includes(":") && this.#isKey(name)) ||
      this.#isSentElsewhere(name, location);
    return shared ? `${location}:${name}` : name;
  }

  #isSentElsewhere(name: string, location: ParameterIn): boolean {
    const sentIn = this.#names.sentIn.get(name);
    return sentIn !== undefined && sentIn !== location;
  }

  /** Tells whether a name looks like the `location:name` of another input. */
  #isKey(text: string): boolean {
    return (
      (text.startsWith("path:") && this.#impliedByPath.has(text.slice("path:".length))) || this.#names.keys.has(text)
    );
  }

  /** Returns the key of the input that is sent under a name, of the first declared one if there are several. */
  #keyOf(name: string): string | undefined {
    const declaration = this.#names.firstInput.get(name);
    if (declaration !== undefined) return this.#key(name, declaration.in as ParameterIn);
    return this.#impliedByPath.has(name) ? this.#key(name, "path") : undefined;
  }
}

/**
 * Index of declared names. Many operations have one or two parameters, some have thousands. Few ask for more than the
 * locations.
 */
class DeclaredNames {
  /** The location in which a caller's value of the name can be sent, or `"several"`. */
  readonly sentIn: ReadonlyMap<string, string>;
  readonly #declarations: readonly ConsumedInputParameter[];
  #firstInput: ReadonlyMap<string, ConsumedInputParameter> | undefined;
  #keys: ReadonlySet<string> | undefined;

  constructor(declarations: readonly ConsumedInputParameter[]) {
    const sentIn = new Map<string, string>();
    for (const declaration of declarations) {
      if (!isSendable(declaration)) continue;
      const { name, in: location } = declaration;
      const other = sentIn.get(name);
      sentIn.set(name, other === undefined || other === location ? location : "several");
    }
    this.sentIn = sentIn;
    this.#declarations = declarations;
  }

  /** The first declaration of a name whose value a caller gives. */
  get firstInput(): ReadonlyMap<string, ConsumedInputParameter> {
    this.#firstInput ??= new Map(
      this.#declarations
        .filter(isInput)
        .map(declaration => [declaration.name, declaration] as const)
        .reverse(),
    );
    return this.#firstInput;
  }

  /** `location:name` of each whose value a caller gives. */
  get keys(): ReadonlySet<string> {
    this.#keys ??= new Set(this.#declarations.filter(isInput).map(({ name, in: location }) => `${location}:${name}`));
    return this.#keys;
  }
}

/**
 * Removes the word in front of the input in `{{tools.title}}` and `{{rest.title}}` (language chapter 4.3, `ns.param`).
 * Published files write these although no tool or route calls.
 */
function withoutUnit(name: string): string {
  return name.replace(/^(?:rest|tools|mcp)\.(?=.)/, "");
}

/** Tells whether a caller's value of the parameter can be sent: some headers only the transport may write. */
function isSendable(parameter: ConsumedInputParameter): boolean {
  return isInput(parameter) && !(parameter.in === "header" && isTransportHeader(parameter.name));
}

/** Tells whether a caller gives the parameter's value. */
function isInput({ in: location, value, template }: ConsumedInputParameter): boolean {
  return location !== "environment" && (value ?? template ?? undefined) === undefined;
}
