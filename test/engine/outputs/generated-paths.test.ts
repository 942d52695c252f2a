import { compile, type JSONValue } from "json-p3";
import { describe, expect, it } from "vitest";
import { CapabilityError } from "../../../src/base/capability-error.ts";
import { compileJsonPath } from "../../../src/engine/outputs/compile-json-path.ts";
import { parseJsonPath } from "../../../src/language/expression/json-path.ts";
import { type Random, seededRandom } from "../../support/seeded-random.ts";

// Paths by the grammar of RFC 9535 find what json-p3 finds. Rows of parts of paths are read, or refused with a reason.

const NAMES = ["a", "b", "c"];

describe("generated paths", () => {
  it("find what json-p3 finds, where they follow the grammar of RFC 9535", () => {
    const paths = new Grammar(seededRandom(9535));
    const random = seededRandom(1);
    let hits = 0;
    for (let round = 0; round < 20_000; round++) {
      const path = paths.query("$", 2);
      const document = { a: value(random, 3), b: value(random, 2), c: value(random, 2) };
      const parsed = parseJsonPath(path);
      if (!parsed.ok) throw new Error(`${path}: ${parsed.reason}`);
      const result = compileJsonPath(parsed.path)(document);
      const theirs = compile(path)
        .query(document as JSONValue)
        .values();
      // A definite path gives null both for no value and for a null.
      const ours = parsed.path.definite ? (result === null && theirs.length === 0 ? [] : [result]) : (result ?? []);
      hits += theirs.length;
      expect(ours, `${path} of ${JSON.stringify(document)}`).toEqual(theirs);
    }
    expect(hits).toBeGreaterThan(5_000);
  });

  it("are read, or refused with a reason, whatever they are made of", () => {
    const random = seededRandom(20_261_130);
    const document = { a: value(random, 4), b: value(random, 4), c: [value(random, 3)] };
    let read = 0;
    for (let round = 0; round < 200_000; round++) {
      const path = Array.from({ length: 1 + random(8) }, () => PARTS[random(PARTS.length)]).join("");
      const parsed = parseJsonPath(path);
      if (!parsed.ok) {
        if (parsed.reason === "") throw new Error(`${path} is refused without a reason`);
        continue;
      }
      read++;
      try {
        compileJsonPath(parsed.path)(document);
      } catch (error) {
        if (!(error instanceof CapabilityError)) throw new Error(`${path} throws`, { cause: error });
      }
    }
    expect(read).toBeGreaterThan(5_000);
  });
});

const PARTS =
  `$ @ . .. [ ] * ? ( ) 'a' "b" a b 0 1 -1 : , == != < >= && || ! length( count( value( match( search( true null 1.5
  'x.*' in =~ /a/ ~ ^ \\u0061 '\\n' {{ }} \u{1f600} - e5 === size() @number() ' " [? $.a @.b ..* :: [0] ['a','b'] .c
  sum() concat( subsetof empty /(a+)+/ [?(@.a)] -0 01 9007199254740993`
    .split(/\s+/)
    .concat([" ", "\n"]);

/** A generator of paths that RFC 9535 has. `==` is of numbers with numbers alone, as the language converts their texts. */
class Grammar {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  query(root: string, depth: number): string {
    return root + this.#many(1 + this.#random(3), () => this.#segment(depth));
  }

  #segment(depth: number): string {
    return this.#one(
      () => `.${this.#name()}`,
      () => `.${this.#name()}`,
      () => ".*",
      () => `..${this.#name()}`,
      () => `..${this.#brackets(depth)}`,
      () => this.#brackets(depth),
      () => this.#brackets(depth),
    );
  }

  #brackets(depth: number): string {
    const count = this.#random(4) === 0 ? 2 + this.#random(2) : 1;
    return `[${Array.from({ length: count }, () => this.#selector(depth)).join(this.#one(",", ", ", " ,\n"))}]`;
  }

  #selector(depth: number): string {
    const simple = [
      () => `'${this.#name()}'`,
      () => String(this.#random(5) - 2),
      "*",
      () => `${this.#bound()}:${this.#bound()}${this.#one("", () => `:${this.#bound()}`)}`,
    ];
    if (depth === 0) return this.#one(...simple);
    const filter = () => `?${this.#one("", " ")}${this.#either(depth - 1)}`;
    return this.#one(...simple, filter, filter);
  }

  #bound(): string {
    return this.#one("", () => String(this.#random(5) - 2));
  }

  #either(depth: number): string {
    const tests = Array.from({ length: this.#random(4) === 0 ? 2 : 1 }, () => this.#both(depth));
    return tests.join(this.#one("||", " || "));
  }

  #both(depth: number): string {
    const tests = Array.from({ length: this.#random(4) === 0 ? 2 : 1 }, () => this.#test(depth));
    return tests.join(this.#one("&&", " && "));
  }

  #test(depth: number): string {
    const comparison = () => this.#comparison();
    const query = () => `${this.#one("", "!")}${this.query(this.#one("@", "@", "$"), Math.max(0, depth - 1))}`;
    if (depth === 0) return this.#one(comparison, comparison, query);
    const inner = () => `${this.#one("", "!")}(${this.#either(depth - 1)})`;
    return this.#one(comparison, comparison, comparison, query, inner);
  }

  #comparison(): string {
    const operator = this.#one("==", "!=", "<", "<=", ">", ">=");
    const space = this.#one("", " ");
    return `${this.#comparable()}${space}${operator}${space}${this.#comparable()}`;
  }

  #comparable(): string {
    return this.#one(
      () => this.#literal(),
      () => this.#singular(),
      () => this.#singular(),
      () => `length(${this.#singular()})`,
      () => `${this.#one("count", "value")}(${this.query("@", 0)})`,
    );
  }

  #literal(): string {
    return this.#one("1", "2", "0", "-1", "1.5", "1e1", "'a'", '"b"', "true", "false", "null");
  }

  #singular(): string {
    return this.#one("@", "$") + this.#many(this.#random(3), () => this.#one(() => `.${this.#name()}`, "[0]", "[-1]"));
  }

  #name(): string {
    return this.#one(...NAMES);
  }

  #many(count: number, make: () => string): string {
    return Array.from({ length: count }, make).join("");
  }

  #one(...choices: readonly (string | (() => string))[]): string {
    const choice = choices[this.#random(choices.length)] as string | (() => string);
    return typeof choice === "string" ? choice : choice();
  }
}

function value(random: Random, depth: number): unknown {
  const kind = depth === 0 ? 2 : random(3);
  if (kind === 0) return Array.from({ length: random(4) }, () => value(random, depth - 1));
  if (kind === 1)
    return Object.fromEntries(NAMES.filter(() => random(2) === 0).map(name => [name, value(random, depth - 1)]));
  return [0, 1, 2, 10, 1.5, -1, "a", "b", "ab", true, false, null][random(12)];
}
