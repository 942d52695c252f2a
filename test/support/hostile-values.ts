/** Values that a YAML file can hold where another kind of value is meant. */
export const YAML_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  10n ** 30n,
  "",
  " ",
  "\u0000",
  "\ud800",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "toString",
  "then",
  "length",
  "{{",
  "{{constructor}}",
  "{__proto__}",
  "$.",
  "$[?(@.constructor)]",
  "2020-01-01",
  [],
  [null],
  [[]],
  ["__proto__"],
  [{}],
  [{ name: { toString: 1 } }],
  {},
  { toString: 1 },
  { toString: null, valueOf: 1 },
  { valueOf: {} },
  { toJSON: 1 },
  own("__proto__", { polluted: true }),
  own("__proto__", null),
  { constructor: null },
  { hasOwnProperty: 1 },
  // biome-ignore lint/suspicious/noThenProperty: it is what the tests are about
  { then: "x" },
  { length: 3 },
  { name: { valueOf: 1 } },
  { "": "" },
];

/** Values that only a document which a program builds can hold. Each is made anew. */
export const PROGRAM_VALUES: readonly (() => unknown)[] = [
  () => undefined,
  () => Symbol("s"),
  () => () => "called",
  () => 5n,
  () => new Date(0),
  () => new Date(Number.NaN),
  () => new Map([["name", "x"]]),
  () => new Set(["x"]),
  () => /x/,
  () => new String("x"),
  () =>
    new (class Named {
      name = "x";
    })(),
  () => new Uint8Array(2),
  () => Promise.resolve("x"),
  // biome-ignore lint/suspicious/noThenProperty: it is what the tests are about
  () => ({ then: () => {} }),
  () => ({ toString: fail, valueOf: fail, toJSON: fail }),
  () => Object.defineProperty({}, "name", { get: fail, enumerable: true }),
  () => Object.defineProperty(["x"], 0, { get: fail, enumerable: true }),
  () => new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail }),
  () => new Proxy([], { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail }),
  () => Proxy.revocable({}, {}).proxy,
  revoked,
  () => Object.create(null),
  () => Object.assign(Object.create({ name: "inherited" }), {}),
  () => ({ [Symbol.toPrimitive]: fail, [Symbol.iterator]: fail }),
  () => new Array(3),
  () => Object.assign(["x"], { name: "x" }),
  circular,
  () => Array.from({ length: 5 }).reduce<unknown>(inner => [inner, inner], "x"),
  deep,
];

function own(name: string, value: unknown): object {
  return Object.defineProperty({}, name, { value, enumerable: true, configurable: true, writable: true });
}

function fail(): never {
  throw new RangeError("a member that throws");
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function circular(): unknown {
  const value: Record<string, unknown> = {};
  value["self"] = value;
  value["list"] = [value];
  return value;
}

function deep(): unknown {
  let value: unknown = "x";
  for (let depth = 0; depth < 20_000; depth++) value = depth % 2 === 0 ? [value] : { name: value };
  return value;
}

export type Path = readonly (string | number)[];

/** Returns the paths of all values in a document but its root. */
export function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const members: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return members.flatMap(([name, member]) => [[...path, name], ...pathsOf(member, [...path, name])]);
}

/** Returns a copy of a document in which another value stands at a path. */
export function withValue(document: unknown, [first, ...rest]: Path, value: unknown): unknown {
  if (first === undefined) return value;
  const copy: unknown[] | object = Array.isArray(document) ? [...(document as unknown[])] : { ...(document as object) };
  const before = (copy as Record<string | number, unknown>)[first];
  return Object.defineProperty(copy, first, {
    value: withValue(before, rest, value),
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
