import { parseTemplate } from "./template.mjs";

/** Everything a template of one call can name: the declared binds first, then what the caller gave. */
export class Scope {
  #binds;
  #given;
  #parameters;

  /**
   * @param {import("./binds.mjs").Binds} binds
   * @param {Map<object, unknown>} given the inputs that have a value
   * @param {object[]} parameters for their constants
   */
  constructor(binds, given, parameters) {
    this.#binds = binds;
    this.#given = given;
    this.#parameters = parameters;
  }

  /** The value of `{{name}}`, or `undefined`. */
  find(name) {
    const variable = this.#binds.find(name);
    if (variable) return variable.value;
    const whole = this.#findGiven(name);
    if (whole !== undefined) return whole;
    const [first, ...members] = name.split(".");
    return members.reduce(
      (value, member) => (Object.hasOwn(Object(value), member) ? value[member] : undefined),
      members.length > 0 ? this.#findGiven(first) : undefined,
    );
  }

  /** The value of a placeholder of path or base URI. */
  findInUrl(name) {
    const parameter = this.#parameters.find(
      ({ in: location, name: other }) => location === "path" && other === name,
    );
    return this.valueOf(parameter ?? { name, in: "path" }) ?? this.find(name);
  }

  /** What a parameter is sent with: its constant, or the given value. */
  valueOf(parameter) {
    if (parameter.constant !== undefined) return this.#renderConstant(parameter.constant);
    return this.#findGiven(parameter.name, parameter.in);
  }

  #findGiven(name, location) {
    for (const [input, value] of this.#given) {
      if (input.name === name && (location === undefined || input.in === location)) return value;
    }
    return undefined;
  }

  /** A constant as a value; `undefined` when it is only a placeholder without one. */
  #renderConstant(constant) {
    if (typeof constant !== "string") return constant;
    const variable = this.#binds.find(constant);
    if (variable) return variable.value;
    return this.render(parseTemplate(constant, { singleBraces: false }));
  }

  /** A lone placeholder keeps the type of its value; inside longer text it becomes text. */
  render(tokens) {
    if (tokens.length === 1 && typeof tokens[0] === "object") return this.find(tokens[0].name);
    return tokens.map(token => (typeof token === "string" ? token : toText(this.find(token.name)))).join("");
  }
}

/** A value inside longer text: strings as they are, nothing for nothing, JSON otherwise. */
export function toText(value) {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
