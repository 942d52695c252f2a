import { randomFrom } from "../../support/seeded-random.ts";

// Capability files of random content and layout, the same for the same seed.

type Value = string | number | boolean | List | Members;
interface List extends ReadonlyArray<Value> {}
interface Members extends ReadonlyMap<string, Value> {}

/** A file, with the texts of its comments, each of which is in it once. */
export interface RandomFile {
  readonly text: string;
  readonly comments: readonly string[];
}

export function randomCapability(seed: number): RandomFile {
  const random = new Random(seed);
  const writer = new Writer(random);
  const text = writer.write(document(random));
  return { text, comments: writer.comments };
}

/** Choices from random numbers. */
class Random {
  readonly next: () => number;

  constructor(seed: number) {
    this.next = randomFrom(seed);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  count(most: number): number {
    return Math.floor(this.next() * (most + 1));
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.next() * items.length)] as Item;
  }

  shuffle<Item>(items: readonly Item[]): Item[] {
    return items
      .map(item => ({ item, order: this.next() }))
      .sort((a, b) => a.order - b.order)
      .map(({ item }) => item);
  }
}

const NAMES = [
  "a",
  "list-items",
  "getItem",
  "404",
  "yes",
  "null",
  "page[size]",
  "$top",
  "a b",
  "x.y",
  "it's",
  "1e3",
  "ü",
];
const TEXTS = [
  "plain words",
  "a: b",
  "# no comment",
  "{{env.KEY}}",
  "",
  "two\nlines\n",
  "one\n\n  # literal\nend",
  "true",
];

function document(random: Random): Members {
  const info = members(random, [
    ["label", "A label"],
    ["description", random.pick(TEXTS)],
  ]);
  const capability = members(random, [
    ["consumes", list(random, 1, 2, () => adapter(random))],
    ["exposes", list(random, 1, 3, () => exposed(random))],
    ["aggregates", list(random, 1, 1, () => aggregate(random))],
  ]);
  return new Map<string, Value>([
    ["naftiko", "1.0.0-alpha2"],
    ["info", info],
    ["capability", capability],
  ]);
}

function adapter(random: Random): Members {
  if (random.chance(0.2)) {
    return members(random, [
      ["location", "./shared.yaml"],
      ["import", "shared"],
      ["as", "mine"],
    ]);
  }
  return members(random, [
    ["type", "http"],
    ["baseUri", "https://api.example.test"],
    ["inputParameters", parameters(random)],
    [
      "resources",
      named(random, () => [
        ["path", "/x"],
        ["label", "R"],
        ["operations", named(random, () => operation(random))],
      ]),
    ],
  ]);
}

function operation(random: Random): [string, Value][] {
  return [
    ["method", "GET"],
    ["label", "O"],
    ["description", random.pick(TEXTS)],
    ["inputParameters", parameters(random)],
    [
      "outputParameters",
      named(random, () => [
        ["type", "string"],
        ["value", "$.a"],
      ]),
    ],
    [
      "body",
      new Map<string, Value>([
        ["type", "json"],
        ["data", new Map([["label", "stays"]])],
      ]),
    ],
  ];
}

function exposed(random: Random): Members {
  const type = random.pick(["rest", "mcp", "skill"]);
  if (type === "rest") {
    // The program finds the missing names, which do not change the meaning.
    const resources = withNames(random, 1, () => [
      ["path", "/x"],
      ["operations", withNames(random, 1, () => unit(random))],
    ]);
    return members(random, [["resources", resources]], [["type", type]]);
  }
  if (type === "mcp") {
    const prompts = named(random, () => [
      ["arguments", named(random, () => [["label", "A"]])],
      [
        "template",
        list(
          random,
          1,
          2,
          () =>
            new Map([
              ["role", "user"],
              ["content", random.pick(TEXTS)],
            ]),
        ),
      ],
    ]);
    const tools = named(random, () => unit(random));
    return members(
      random,
      [
        ["tools", tools],
        ["prompts", prompts],
      ],
      [["type", type]],
    );
  }
  const skills = named(random, () => [["tools", named(random, () => [["instruction", "a.md"]])]]);
  return members(random, [["skills", skills]], [["type", type]]);
}

function aggregate(random: Random): Members {
  return members(random, [
    ["label", "A"],
    ["namespace", "n"],
    ["functions", named(random, () => unit(random))],
  ]);
}

function unit(random: Random): [string, Value][] {
  const common: [string, Value][] = [
    ["label", "U"],
    ["inputParameters", parameters(random)],
  ];
  if (random.chance(0.4)) {
    const mapped = list(
      random,
      1,
      1,
      () =>
        new Map([
          ["type", "object"],
          ["mapping", "$."],
        ]),
    );
    return [...common, ["call", "a.b"], ["with", new Map([["label", "x"]])], ["outputParameters", mapped]];
  }
  return [
    ...common,
    [
      "steps",
      named(random, () => [
        ["type", "call"],
        ["call", "a.b"],
      ]),
    ],
    [
      "mappings",
      list(random, 1, 2, () =>
        members(random, [
          ["targetName", "a"],
          ["value", "$.a"],
        ]),
      ),
    ],
    [
      "outputParameters",
      named(random, () => [
        ["type", "array"],
        ["items", named(random, () => [["type", "string"]])],
      ]),
    ],
  ];
}

function parameters(random: Random): List {
  return named(random, () => [
    ["in", random.pick(["query", "path"])],
    ["required", random.chance(0.5)],
  ]);
}

/** Objects with names, which now and then repeat or are missing. */
function named(random: Random, membersOf: () => [string, Value][]): List {
  return withNames(random, 0.97, membersOf);
}

function withNames(random: Random, probability: number, membersOf: () => [string, Value][]): List {
  const names = random.shuffle(NAMES);
  return list(random, 0, 3, index => {
    const name = random.chance(0.05) ? "a" : (names[index] as string);
    return members(random, membersOf(), random.chance(probability) ? [["name", name]] : []);
  });
}

function list(random: Random, least: number, more: number, item: (index: number) => Value): List {
  return Array.from({ length: least + random.count(more) }, (_, index) => item(index));
}

/** Members in random order, of which the optional ones may be missing. */
function members(random: Random, optional: [string, Value][], required: [string, Value][] = []): Members {
  const kept = optional.filter(([, value]) => !(Array.isArray(value) && value.length === 0) || random.chance(0.5));
  return new Map(random.shuffle([...required, ...kept.filter(() => random.chance(0.9))]));
}

/** Writes values as YAML in ever changing ways. */
class Writer {
  readonly comments: string[] = [];
  readonly #random: Random;
  readonly #step: number;
  readonly #isIndented: boolean;
  #lines: string[] = [];

  constructor(random: Random) {
    this.#random = random;
    this.#step = random.pick([2, 2, 4]);
    this.#isIndented = random.chance(0.6);
  }

  write(root: Members): string {
    this.#remarks(0);
    if (this.#random.chance(0.2)) this.#lines.push("---");
    this.#members(root, 0);
    this.#remarks(0);
    return this.#lines.join(this.#random.chance(0.2) ? "\r\n" : "\n") + (this.#random.chance(0.9) ? "\n" : "");
  }

  #members(object: Members, column: number): void {
    for (const [key, value] of object) {
      this.#remarks(column);
      this.#member(`${" ".repeat(column)}${this.#key(key)}:`, value, column);
    }
  }

  #member(head: string, value: Value, column: number): void {
    const isBlock = typeof value === "object" && isFilled(value) && this.#random.chance(0.75);
    if (isBlock && isList(value)) {
      this.#line(head);
      this.#items(value, column + (this.#isIndented ? this.#step : 0));
    } else if (isBlock && !isList(value)) {
      this.#line(head);
      this.#members(value, column + this.#step);
    } else if (typeof value === "object") this.#flow(`${head} `, value, column + this.#step);
    else if (typeof value === "string" && value.includes("\n") && this.#random.chance(0.7)) {
      this.#line(`${head} |${value.endsWith("\n") ? "" : "-"}`);
      for (const line of value.replace(/\n$/, "").split("\n")) {
        this.#lines.push(line === "" ? "" : " ".repeat(column + this.#step) + line);
      }
    } else this.#line(`${head} ${this.#scalar(value)}`);
  }

  #items(items: List, column: number): void {
    for (const item of items) {
      this.#remarks(column);
      const dash = `${" ".repeat(column)}-`;
      const gap = this.#random.pick([1, 1, 1, 3]);
      if (isList(item) || typeof item !== "object" || item.size === 0 || this.#random.chance(0.2)) {
        this.#flow(`${dash} `, item, column + this.#step);
      } else if (this.#random.chance(0.15)) {
        this.#line(dash);
        this.#members(item, column + 1 + gap);
      } else {
        const before = this.#lines;
        this.#lines = [];
        const [[key, value] = ["", ""], ...rest] = item;
        this.#member(`${dash}${" ".repeat(gap)}${this.#key(key)}:`, value, column + 1 + gap);
        this.#members(new Map(rest), column + 1 + gap);
        this.#lines = [...before, ...this.#lines];
      }
    }
  }

  /** Brackets and braces, on one line or on many. */
  #flow(head: string, value: Value, column: number): void {
    if (typeof value === "object" && isFilled(value) && this.#random.chance(0.3)) {
      const parts = isList(value) ? value.map(item => this.#inline(item)) : this.#pairs(value);
      const [open, close] = isList(value) ? "[]" : "{}";
      this.#line(`${head}${open}`);
      for (const [index, part] of parts.entries()) {
        const isLast = index === parts.length - 1;
        this.#line(`${" ".repeat(column)}${part}${isLast && this.#random.chance(0.6) ? "" : ","}`);
        if (this.#random.chance(0.1)) this.#lines.push(`${" ".repeat(column)}${this.#comment()}`);
      }
      this.#line(`${" ".repeat(column)}${close}`);
    } else this.#line(head + this.#inline(value));
  }

  #inline(value: Value): string {
    if (typeof value !== "object") return this.#scalar(value);
    const space = this.#random.pick(["", " "]);
    if (isList(value)) return `[${space}${value.map(item => this.#inline(item)).join(", ")}${space}]`;
    return value.size === 0 ? "{}" : `{${space}${this.#pairs(value).join(`,${space}`)}${space}}`;
  }

  #pairs(object: Members): string[] {
    return Array.from(object, ([key, value]) => `${this.#key(key)}: ${this.#inline(value)}`);
  }

  #key(key: string): string {
    return this.#random.chance(0.1) ? JSON.stringify(key) : key;
  }

  #scalar(value: string | number | boolean): string {
    if (typeof value !== "string") return String(value);
    const isPlain = /^[\w$.-][\w$ .-]*$/.test(value) && !/^(?:true|null|404|1e3)$/.test(value) && !/ $/.test(value);
    if (isPlain && this.#random.chance(0.7)) return value;
    return !value.includes("\n") && this.#random.chance(0.5)
      ? `'${value.replaceAll("'", "''")}'`
      : JSON.stringify(value);
  }

  #line(text: string): void {
    this.#lines.push(
      this.#random.chance(0.15) ? `${text}${this.#random.pick([" ", "   ", "\t"])}${this.#comment()}` : text,
    );
  }

  /** Comments and blank lines before a member or an item. */
  #remarks(column: number): void {
    if (this.#random.chance(0.05)) this.#lines.push("");
    if (this.#random.chance(0.12)) {
      const place = this.#random.pick([column, column, column, 0, column + 2]);
      this.#lines.push(`${" ".repeat(place)}${this.#comment()}`);
    }
  }

  #comment(): string {
    const comment = `# remark ${this.comments.length}${this.#random.pick(["", ': { - "', "\ttab"])}`;
    this.comments.push(comment);
    return comment;
  }
}

function isList(value: Value): value is List {
  return Array.isArray(value);
}

function isFilled(value: List | Members): boolean {
  return isList(value) ? value.length > 0 : value.size > 0;
}
