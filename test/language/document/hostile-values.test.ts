import { writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import {
  CapabilityError,
  createMemoryTransport,
  type Inputs,
  type OpenOptions,
  openCapability,
} from "../../../src/index.ts";
import { GOOD_DOCUMENTS } from "../../support/good-documents.ts";
import { type Path, PROGRAM_VALUES, pathsOf, withValue, YAML_VALUES } from "../../support/hostile-values.ts";
import { runMain } from "../../support/run-main.ts";
import { randomFrom } from "../../support/seeded-random.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** The tests replace so many values of each document, the same ones each time: all of them take minutes. */
const SAMPLES = 60;
/** Fewer, where each is read by several commands. */
const FILE_SAMPLES = 4;

const FILES = ["older.yaml", "newer.yaml", "shared.yaml"];
const ENV = { SHOP_TOKEN: "t", DESK_USER: "u", DESK_PASSWORD: "p", OWN: "o", CT: "c" };

/** How a fault of this program shows in a text. */
const FAULT =
  /TypeError|RangeError|\[object |\bundefined\b|is not (?:a function|iterable)|Cannot (?:read prop|convert|destructure)/;

/** Returns places and values, chosen by a seed. */
function samples(good: unknown, values: readonly (() => unknown)[], seed: number, count = SAMPLES) {
  const random = randomFrom(seed);
  const paths: Path[] = [[], ...pathsOf(good)];
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;
  return Array.from({ length: count }, () => {
    const at = pick(paths);
    const make = pick(values);
    return { place: `/${at.join("/")} as value ${values.indexOf(make)}`, value: withValue(good, at, make()) };
  });
}

const yamlValues = YAML_VALUES.map(value => () => value);
const allValues = [...yamlValues, ...PROGRAM_VALUES];

/** Returns the fault of an outcome, or `undefined` if it is an error that its reader can mend. */
async function faultOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof CapabilityError)) return `it threw ${describeThrown(error)}`;
    return FAULT.test(error.message) ? error.message : undefined;
  }
}

function describeThrown(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : typeof error;
}

/** Returns a document without the parts that need a folder. */
function alone(text: string): object {
  const document = parse(text) as { imports?: unknown; binds: object[]; capability?: { consumes: object[] } };
  delete document.imports;
  const isOwn = (entry: object) => !("import" in entry);
  document.binds = document.binds.filter(isOwn);
  if (document.capability !== undefined) document.capability.consumes = document.capability.consumes.filter(isOwn);
  return document;
}

const INPUTS_BY_TYPE: Readonly<Record<string, unknown>> = {
  number: 1,
  integer: 1,
  boolean: true,
  array: [],
  object: {},
};

/** Opens a document, describes it, and prepares each operation; gives the number of requests. */
async function useAll(document: object, options: OpenOptions = {}): Promise<number> {
  const api = await openCapability(document, { env: ENV, bindSources: [() => "v"], ...options });
  const operations = JSON.parse(JSON.stringify([...api.operations])) as [
    string,
    { inputs: { name: string; type: string }[] },
  ][];
  let prepared = 0;
  let failure: unknown;
  for (const [reference, { inputs }] of operations) {
    const values = inputs.map(({ name, type }) => [name, INPUTS_BY_TYPE[type] ?? "x"]);
    try {
      const { url, headers } = await api.prepare(reference, Object.fromEntries(values));
      expect(`${url} ${JSON.stringify(headers)}`).not.toMatch(FAULT);
      prepared++;
    } catch (error) {
      failure ??= error;
      if (!(error instanceof CapabilityError) || FAULT.test(error.message)) throw error;
    }
  }
  await api.close();
  if (prepared === 0 && failure !== undefined) throw failure;
  return prepared;
}

describe("a document of a program", () => {
  test("is good before anything is replaced", async () => {
    expect(await useAll(alone(GOOD_DOCUMENTS["older.yaml"] as string))).toBe(6);
    expect(await useAll(alone(GOOD_DOCUMENTS["newer.yaml"] as string))).toBe(3);
  });

  test.each(FILES)("is used or refused whatever stands in it: %s", async file => {
    const good = alone(GOOD_DOCUMENTS[file] as string);
    for (const { place, value } of samples(good, allValues, 1))
      expect(await faultOf(() => useAll(value as object)), place).toBeUndefined();
  });

  test("is refused at the place of what no file can hold", async () => {
    const good = alone(GOOD_DOCUMENTS["older.yaml"] as string);
    const at = ["capability", "consumes", 0, "resources", 0, "operations", 0, "name"];
    const refused = PROGRAM_VALUES.map(async make => {
      const error = await openCapability(withValue(good, at, make()) as object).catch((thrown: unknown) => thrown);
      return error instanceof CapabilityError ? error.code : "opened";
    });
    // A name that is left out is one that is made up.
    expect((await Promise.all(refused)).filter(code => code !== "CAPABILITY_INVALID")).toEqual(["opened"]);
    const document = withValue(good, at, 5n) as object;
    await expect(openCapability(document)).rejects.toMatchObject({
      code: "CAPABILITY_INVALID",
      message: 'Document "shop" is not a valid capability: A document cannot hold a bigint',
      details: { diagnostics: [{ pointer: `/${at.join("/")}`, rule: "document", severity: "error" }] },
    });
  });

  test("is read once, and is not asked again", async () => {
    let reads = 0;
    const document = alone(GOOD_DOCUMENTS["older.yaml"] as string);
    Object.defineProperty(document, "naftiko", { get: () => `1.0.0-alpha${++reads}`, enumerable: true });
    await useAll(document);
    expect(reads).toBe(1);
  });

  test("pollutes nothing", () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  const types: readonly unknown[] = [{ toString: 1 }, { toString: null }, { valueOf: {} }, ["bearer"], 5, true, {}];
  const places: readonly Path[] = [
    ["capability", "consumes", 0, "authentication", "type"],
    ["capability", "consumes", 1, "authentication", "placement"],
    ["capability", "consumes", 0, "resources", 0, "operations", 1, "body", "type"],
    ["capability", "consumes", 0, "type"],
    ["capability", "consumes", 0, "resources", 0, "operations", 0, "method"],
    ["capability", "consumes", 0, "resources", 0, "operations", 0, "inputParameters", 0, "in"],
  ];

  test.each(places.map(at => ({ at, pointer: `/${at.join("/")}` })))(
    "has no object for a text: $pointer",
    async ({ at, pointer }) => {
      const good = alone(GOOD_DOCUMENTS["older.yaml"] as string);
      for (const value of types) {
        const error = await openCapability(withValue(good, at, value) as object).catch((thrown: unknown) => thrown);
        // A list of one text that is known means that text.
        if (Array.isArray(value)) continue;
        expect(error, JSON.stringify(value)).toMatchObject({
          code: "CAPABILITY_INVALID",
          details: { diagnostics: [{ pointer }] },
        });
      }
    },
  );
});

describe("a file", () => {
  let cwd = "";

  beforeAll(async () => {
    cwd = await temporaryFolder({ ...GOOD_DOCUMENTS, "secrets.env": "key=v", "s.env": "S=v" });
  });

  async function faultOfCommand(args: readonly string[]): Promise<string | undefined> {
    const { code, stdout, stderr } = await runMain(args, { cwd, env: ENV });
    if (FAULT.test(stdout + stderr)) return `${args.join(" ")}: ${stdout}${stderr}`;
    return code === 1 && args[0] === "run" ? `${args.join(" ")}: exit code 1: ${stderr}` : undefined;
  }

  /** Replaces values of a text, and looks for faults of commands. */
  async function tryCommands(
    name: string,
    text: string,
    commands: readonly (readonly string[])[],
    seed: number,
    write: (value: unknown) => string = value => stringify(value),
  ): Promise<void> {
    for (const { place, value } of samples(parse(text), yamlValues, seed, FILE_SAMPLES)) {
      writeFileSync(path.join(cwd, name), write(value));
      for (const args of commands) expect(await faultOfCommand(args), place).toBeUndefined();
    }
    writeFileSync(path.join(cwd, name), text);
  }

  test.each(FILES)("is read or refused whatever stands in it: %s", async file => {
    const main = file === "shared.yaml" ? "older.yaml" : file;
    const commands = [
      ["validate", file, main],
      ["validate", "--strict", "--output", "json", file],
      ["describe", main],
      ["list", "--dir", "."],
      ["migrate", file],
      ["run", main, main === "older.yaml" ? "find" : "list-tickets", "-i", "id=1", "--dry-run"],
      ["validate", "--fix", file],
    ];
    await tryCommands(file, GOOD_DOCUMENTS[file] as string, commands, 2);
  });

  const CONFIG = `
capabilities:
  older:
    baseUri: { shop: "https://a.test", keyed: "https://k.test" }
    authentication: { shop: { type: bearer, token: "{{CT}}" }, keyed: { type: apikey, key: a, value: "{{CT}}", placement: header } }
    binds: [{ namespace: cfg, keys: { CT: CT } }]
    timeoutMs: 1000
    deadlineMs: 5000
    idempotencyKey: Idem
    circuitBreaker: { errorRate: 0.5, minimumCalls: 10, windowMs: 1000, openMs: 1000 }
    allowHosts: ["*.test"]
    inputs: { q: [a] }
    headers: { X-A: b }
    operations:
      find:
        aliases: [f]
        inputs: { n: 2 }
        headers: { X-B: 1 }
        pagination: { items: $.items, page: { input: n, first: 1, more: $.more } }
        outputs: { rename: { first: one }, add: { two: $.x } }
profiles: { p: { capabilities: { "*": { timeoutMs: 3 } } } }
`;

  test("of settings is read or refused whatever stands in it", async () => {
    const run = ["run", "older.yaml", "find", "--id", "1", "--dry-run", "--config", "c.yaml"];
    const commands = [run, [...run, "--profile", "p"], ["describe", "older.yaml", "find", "--config", "c.yaml"]];
    await tryCommands("c.yaml", CONFIG, commands, 3);
  });

  test("of recorded calls is read or refused whatever stands in it", async () => {
    const cassette = `
interactions:
- recordedAt: "2025-01-01T00:00:00.000Z"
  request: { method: GET, url: "https://eu.shop.test/v1/items/1?q=a&n=5&t=a%201", headers: { accept: application/json } }
  response: { status: 200, statusText: OK, headers: { content-type: application/json, set-cookie: [a, b] }, body: { json: { items: [{ name: n, id: 1 }] } } }
`;
    const replay = ["run", "older.yaml", "find", "--id", "1", "--q", "a", "--replay", "calls.yaml"];
    await tryCommands("calls.yaml", cassette, [replay], 4);
  });

  test("that fills a sandbox is read or refused whatever stands in it", async () => {
    const seed = '{"/tickets": [{"id": "1", "title": "t"}], "desk": {"/tickets": [{"id": 2}]}}';
    const call = ["run", "newer.yaml", "list-tickets", "--mock", "--seed", "seed.json"];
    await tryCommands("seed.json", seed, [call], 5, asJson);
  });

  test("of inputs is read or refused whatever stands in it", async () => {
    const inputs = '{"id": "1", "name": "x", "q": ["y", {"a": 1}]}';
    const call = ["run", "older.yaml", "add", "--inputs", "@inputs.json", "--dry-run"];
    await tryCommands("inputs.json", inputs, [call], 6, asJson);
  });

  function asJson(value: unknown): string {
    return JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? Number(member) : member));
  }
});

describe("overlays and inputs of a program", () => {
  test("are used or refused whatever stands in them: overlays", async () => {
    const good = {
      capabilities: {
        "*": {
          headers: { a: "b" },
          inputs: { q: ["a"] },
          timeoutMs: 5,
          operations: { find: { aliases: ["f"] } },
        },
      },
    };
    const document = alone(GOOD_DOCUMENTS["older.yaml"] as string);
    for (const { place, value } of samples(good, allValues, 7)) {
      const fault = await faultOf(() => useAll(document, { overlays: value as object }));
      // Options that make no sense are mistakes of the program.
      if (!/overlays must be/.test(fault ?? "")) expect(fault, place).toBeUndefined();
    }
  });

  test("are used or refused whatever stands in them: inputs", async () => {
    const operation = {
      name: "any",
      method: "POST",
      inputParameters: inputsOf("body", "query", "header", "cookie"),
    };
    const resources = [{ name: "r", path: "/", operations: [operation] }];
    const consumes = [{ type: "http", namespace: "a", baseUri: "https://a.test", resources }];
    const transport = createMemoryTransport(() => ({ body: Buffer.from("{}") }));
    const api = await openCapability({ naftiko: "1", capability: { consumes } }, { transport });
    const good = { "in-body": { a: [{ b: 1 }] }, "in-query": { a: 1 }, "in-header": ["x"], "in-cookie": "c" };
    for (const { place, value } of samples(good, allValues, 8)) {
      const fault = await faultOf(() => api.run("any", value as Inputs));
      if (!/TypeError: Inputs must be/.test(fault ?? "")) expect(fault, place).toBeUndefined();
    }
  });

  function inputsOf(...places: readonly string[]): object[] {
    return places.map(place => ({
      name: `in-${place}`,
      in: place,
      type: place === "query" ? "object" : undefined,
    }));
  }
});
