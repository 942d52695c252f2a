import { parseTemplate } from "./template.mjs";

/** Error of a reference without a value, which only a variable could give. */
export class MissingBind extends Error {}

/** Error of a required parameter whose template lacks an input. */
export class MissingInput extends Error {}

/** Names that a template of one call can use: the declared binds first, then the caller's inputs. */
export class Scope {
  #binds;
  #given;
  #inputs;
  #parameters;

  /**
   * @param {import("./binds.mjs").Binds} binds
   * @param {Map<object, unknown>} given the inputs that have a value
   * @param {{ inputs: object[], parameters: object[] }} operation
   */
  constructor(binds, given, { inputs, parameters }) {
    this.#binds = binds;
    this.#given = given;
    this.#inputs = inputs;
    this.#parameters = parameters;
  }

  /** Returns the value of `{{name}}`, or `undefined`. */
  find(name) {
    const variable = this.#binds.find(name);
    if (variable) return valueOfVariable(variable);
    const fixed = this.#parameters.find(parameter => parameter.name === name && isFixed(parameter));
    if (fixed) return this.#valueOfFixed(fixed);
    const reference = resolveReference(name, this.#inputs);
    return reference.members.reduce(
      (value, member) => (Object.hasOwn(Object(value), member) ? value[member] : undefined),
      this.#findGiven(reference.name),
    );
  }

  /**
   * Returns the value that a parameter is fixed to. Its text may name inputs and binds, and no other such parameter.
   */
  #valueOfFixed({ in: location, constant }) {
    if (location === "environment") return undefined;
    const own = {
      inputs: this.#inputs,
      parameters: this.#parameters.filter(parameter => !isFixed(parameter)),
    };
    return new Scope(this.#binds, this.#given, own).#renderConstant(constant);
  }

  /** Returns the value of a placeholder of the path, or of the path's own query, which a query parameter fills too. */
  findInPath(name, locations = ["path"]) {
    for (const wanted of locations) {
      const parameter = this.#parameters.find(other => other.in === wanted && other.name === name);
      if (parameter) return this.valueOf(parameter);
    }
    return this.#binds.find(name) ? this.find(name) : this.#findGiven(name, "path");
  }

  /** Returns the value of a placeholder of the base URI, which any input of its name fills. */
  findInBaseUri(name) {
    if (this.#binds.find(name)) return this.find(name);
    return this.findInPath(name) ?? this.#findGiven(name);
  }

  /** Returns the value that a parameter is sent with: its constant, or the given value. */
  valueOf(parameter) {
    if (parameter.constant !== undefined) return this.#renderConstant(parameter.constant);
    return this.#findGiven(parameter.name, parameter.in);
  }

  /** Returns the value of the first input of a name, in the order of the file. */
  #findGiven(name, location) {
    return this.#given.get(
      this.#inputs.find(input => input.name === name && (location === undefined || input.in === location)),
    );
  }

  /** Returns a constant as a value, or `undefined` if it is only a placeholder without one. */
  #renderConstant(constant) {
    if (typeof constant !== "string") return constant;
    const variable = this.#binds.find(constant);
    const isBare = /^(?:\$env\.)?[^.]+$/.test(constant);
    if (variable?.namespace !== undefined && isBare) return valueOfVariable(variable);
    return this.render(parseTemplate(constant, { singleBraces: false }));
  }

  /**
   * Renders a template. A lone placeholder keeps the type of its value; inside longer text it becomes text.
   *
   * @param {(text: string) => string} [write] makes every value a text of its place
   */
  render(tokens, write = undefined) {
    const isLone = tokens.length === 1 && typeof tokens[0] === "object";
    const lone = isLone ? this.find(tokens[0].name) : undefined;
    if (isLone && (write === undefined || lone === undefined)) return lone;
    return tokens
      .map(token => (typeof token === "string" ? token : (write ?? String)(toText(this.find(token.name)))))
      .join("");
  }
}

/** Tells whether the file gives the value of a parameter, or the environment would. */
export function isFixed({ in: location, constant }) {
  return location === "environment" || constant !== undefined;
}

/**
 * Returns the meaning of a name in a template: the input of the whole name, or of the part before the first dot and a
 * member of it. A leading `rest`, `tools` or `mcp` stands for the caller.
 *
 * @param {object[]} inputs
 * @returns {{ name: string, members: string[] }}
 */
export function resolveReference(written, inputs) {
  const isInput = name => inputs.some(input => input.name === name);
  const inner = written.replace(/^(?:rest|tools|mcp)\.(?=.)/, "");
  for (const name of [written, inner]) {
    const [head, ...members] = name.split(".");
    if (isInput(name)) return { name, members: [] };
    if (isInput(head)) return { name: head, members };
  }
  const [name, ...members] = inner.split(".");
  return { name, members };
}

function valueOfVariable({ name, value }) {
  if (value === undefined) throw new MissingBind(name);
  return value;
}

/** Writes a value inside longer text: strings as they are, an empty text for no value, JSON otherwise. */
export function toText(value) {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
