import type { ConsumedInputParameter } from "../document/document-types.ts";
import { isTransportHeader } from "../expression/transport-header.ts";
import type { Adapter, Authentication, Input, InputType, ParameterIn } from "./types.ts";

/** Gathers the inputs of one operation: the declared ones in file order, then those that placeholders imply. */
export class InputCollector {
  readonly #inputs = new Map<string, Input>();
  readonly #declarations: readonly ConsumedInputParameter[];

  /** @param declarations every parameter of the operation, to know which names two locations share */
  constructor(declarations: readonly ConsumedInputParameter[]) {
    this.#declarations = declarations;
  }

  /** Adds a declared parameter that has no `value`, and returns its key. */
  declare(declaration: ConsumedInputParameter, pointer: string): string {
    const location = declaration.in as ParameterIn;
    const unsendable = location === "header" && isTransportHeader(declaration.name);
    return this.#add({
      key: this.#key(declaration.name, location),
      name: declaration.name,
      in: location,
      type: (declaration.type as InputType | undefined) ?? "any",
      required: location === "path" || ((declaration.required ?? false) && !unsendable),
      ...(declaration.description ? { description: declaration.description } : {}),
      implied: false,
      pointer,
    });
  }

  /** Adds the input that an undeclared path placeholder implies. */
  needPathInput(name: string, pointer: string): string {
    const key = this.#key(name, "path");
    return this.#inputs.has(key) ? key : this.#imply(key, name, "path", true, pointer);
  }

  /**
   * Finds or adds the input behind a template placeholder: the input whose name is the whole text, else the input named
   * by the part before the first dot, with the rest as members.
   */
  needTemplateInput(name: string, pointer: string): readonly [input: string, members: readonly string[]] {
    const whole = this.#declaredKey(name);
    if (whole !== undefined) return [whole, []];
    const [head = name, ...members] = name.split(".");
    const key = this.#declaredKey(head) ?? head;
    if (this.#declaredKey(head) === undefined && !this.#inputs.has(key)) {
      this.#imply(key, head, "template", false, pointer);
    }
    return [key, members];
  }

  /** Adds the placeholders of the adapter's base URI. They stay optional where the base URI is replaced. */
  needBaseUriInputs(adapter: Adapter): void {
    if (adapter.baseUri.kind !== "template") return;
    for (const part of adapter.baseUri.template.parts) {
      if (typeof part === "string" || part.kind !== "input" || this.#inputs.has(part.name)) continue;
      this.#imply(part.name, part.name, "baseUri", true, adapter.pointer);
    }
  }

  /** The header that carries the adapter's credential need not be given: authentication fills it. */
  relaxCredential(authentication: Authentication | undefined): void {
    if (authentication === undefined) return;
    const credential = (
      authentication.type === "apikey" ? (authentication.key ?? "") : "authorization"
    ).toLowerCase();
    for (const [key, input] of this.#inputs) {
      if (input.required && input.in === "header" && input.name.toLowerCase() === credential) {
        this.#inputs.set(key, { ...input, required: false });
      }
    }
  }

  finish(): ReadonlyMap<string, Input> {
    return this.#inputs;
  }

  #imply(key: string, name: string, location: Input["in"], required: boolean, pointer: string): string {
    return this.#add({
      key,
      name,
      in: location,
      type: location === "template" ? "any" : "string",
      required,
      implied: true,
      pointer,
    });
  }

  #add(input: Input): string {
    this.#inputs.set(input.key, input);
    return input.key;
  }

  /** The name where it is one location's alone, else `location:name`. */
  #key(name: string, location: ParameterIn): string {
    const shared = this.#declarations.some(
      other => other.name === name && other.in !== location && other.in !== "environment" && isOpen(other),
    );
    return shared ? `${location}:${name}` : name;
  }

  #declaredKey(name: string): string | undefined {
    const declaration = this.#declarations.find(
      candidate => candidate.name === name && candidate.in !== "environment" && isOpen(candidate),
    );
    return declaration === undefined ? undefined : this.#key(name, declaration.in as ParameterIn);
  }
}

function isOpen(declaration: ConsumedInputParameter): boolean {
  return (declaration.value ?? declaration.template ?? undefined) === undefined;
}
