/** A function that returns whether a filter holds, by the values of its operands. */
type FilterExpression = (operand: (index: number) => unknown) => boolean;

type Comparison = (left: unknown, right: unknown) => boolean;

/** Operators between two scalars, as in JavaScript: for loose equality a number equals its text. */
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ["===", (left, right) => left === right],
  ["!==", (left, right) => left !== right],
  // biome-ignore lint/suspicious/noDoubleEquals: the language's loose equality
  ["==", (left, right) => left == right],
  // biome-ignore lint/suspicious/noDoubleEquals: the language's loose equality
  ["!=", (left, right) => left != right],
  ["<", (left, right) => (left as number) < (right as number)],
  ["<=", (left, right) => (left as number) <= (right as number)],
  [">", (left, right) => (left as number) > (right as number)],
  [">=", (left, right) => (left as number) >= (right as number)],
]);

type Evaluate = (operand: (index: number) => unknown) => unknown;

/**
 * Compiles the operators of a filter: `_0 < _1 && !( _2 )`. The parser has checked that operators and operands alternate.
 * From loosest to tightest: `||`, `&&`, equality, order, `!`.
 */
export function compileFilterExpression(expression: string): FilterExpression {
  const evaluate = new Parser(expression.split(" ")).either();
  return operand => Boolean(evaluate(operand));
}

class Parser {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  either(): Evaluate {
    const parts = this.#chain("||", () => this.#both());
    const [only] = parts;
    if (only !== undefined && parts.length === 1) return only;
    return operand => parts.some(part => part(operand));
  }

  #both(): Evaluate {
    const parts = this.#chain("&&", () => this.#compared(/^[=!]=/, () => this.#ordered()));
    const [only] = parts;
    if (only !== undefined && parts.length === 1) return only;
    return operand => parts.every(part => part(operand));
  }

  #ordered(): Evaluate {
    return this.#compared(/^[<>]/, () => this.#single());
  }

  #compared(operators: RegExp, parse: () => Evaluate): Evaluate {
    let left = parse();
    for (;;) {
      const token = this.#tokens[this.#next] ?? "";
      const compare = operators.test(token) ? COMPARISONS.get(token) : undefined;
      if (compare === undefined) return left;
      this.#next++;
      const one = left;
      const other = parse();
      left = operand => compare(one(operand), other(operand));
    }
  }

  #chain(operator: string, parse: () => Evaluate): Evaluate[] {
    const parts = [parse()];
    while (this.#tokens[this.#next] === operator) {
      this.#next++;
      parts.push(parse());
    }
    return parts;
  }

  #single(): Evaluate {
    let negations = 0;
    for (; this.#tokens[this.#next] === "!"; this.#next++) negations++;
    const inner = this.#innermost();
    if (negations === 0) return inner;
    const wanted = negations % 2 === 0;
    return operand => Boolean(inner(operand)) === wanted;
  }

  #innermost(): Evaluate {
    const token = this.#tokens[this.#next++] ?? "";
    if (token !== "(") {
      const index = Number(token.slice(1));
      return operand => operand(index);
    }
    const inner = this.either();
    this.#next++;
    return inner;
  }
}
