import { describe, expect, it } from "vitest";
import { SecretMask } from "../../../src/base/mask-secrets.ts";
import { BindResolver } from "../../../src/engine/binds/bind-resolver.ts";
import { type BindSource, environmentSource, standInSource } from "../../../src/engine/binds/bind-source.ts";
import type { BindVariable } from "../../../src/language/document/declared-binds.ts";

const variable = (name: string, more: Partial<BindVariable> = {}): BindVariable => ({
  namespace: "env",
  name,
  key: `KEY_OF_${name}`,
  pointer: `/binds/0/keys/${name}`,
  ...more,
});

const options = { signal: new AbortController().signal };

const A = variable("A");
const B = variable("B");
const ELSEWHERE = variable("ELSEWHERE", { namespace: "safe", location: "vault://kv/x" });

function request(...variables: readonly BindVariable[]) {
  return { operation: "op", variables, undeclared: [], mayBeEmpty: new Set<BindVariable>() };
}

/** Creates a source that knows some variables by name, and notes what it is asked for. */
function sourceOf(values: Readonly<Record<string, string>>, asked: string[] = []): BindSource {
  return {
    describe: ({ name }) => `a table with ${name}`,
    serves: () => true,
    async lookup({ name }) {
      asked.push(name);
      return values[name];
    },
  };
}

describe("BindResolver", () => {
  it("takes the first source that has a value", async () => {
    const resolver = new BindResolver(
      [sourceOf({ A: "" }), sourceOf({ A: "first" }), sourceOf({ A: "second", B: "b" })],
      new SecretMask(),
      0,
    );
    const values = await resolver.resolve(request(A, B));
    expect([values.get(A), values.get(B)]).toEqual(["first", "b"]);
  });

  it("asks for a variable once, also when several calls need it at the same time", async () => {
    const asked: string[] = [];
    const resolver = new BindResolver([sourceOf({ A: "a", B: "b" }, asked)], new SecretMask(), 0);
    await Promise.all([resolver.resolve(request(A, B)), resolver.resolve(request(A)), resolver.state(A)]);
    await resolver.resolve(request(A, B));
    expect(asked.sort()).toEqual(["A", "B"]);
  });

  it("gives an empty value to a request that takes one, and to no other", async () => {
    const resolver = new BindResolver([sourceOf({ A: "", B: "b" })], new SecretMask(), 0);
    const values = await resolver.resolve({ ...request(A, B), mayBeEmpty: new Set([A]) });
    expect([values.get(A), values.get(B)]).toEqual(["", "b"]);
    await expect(resolver.resolve(request(A))).rejects.toMatchObject({ code: "BIND_MISSING" });
  });

  it("asks again for what it did not find", async () => {
    const values: Record<string, string> = {};
    const resolver = new BindResolver([sourceOf(values)], new SecretMask(), 0);
    expect(await resolver.state(A)).toEqual({ kind: "missing" });
    values["A"] = "a";
    expect(await resolver.state(A)).toEqual({ kind: "set" });
  });

  it("lists all that is missing, and where it looked", async () => {
    const resolver = new BindResolver([environmentSource({}), environmentSource({})], new SecretMask(), 0);
    const missing = {
      ...request(A, ELSEWHERE),
      undeclared: [
        { kind: "undeclared", name: "env.X", problem: "nothing declares it", declared: [], place: { pointer: "/x" } },
      ],
      mayBeEmpty: new Set<BindVariable>(),
    } as const;
    await expect(resolver.resolve(missing)).rejects.toMatchObject({
      code: "BIND_MISSING",
      pointer: "/x",
      message:
        'Cannot prepare operation "op": no value for env.X (nothing declares it); ' +
        'A of bind "env" (looked for environment variable KEY_OF_A); ' +
        'ELSEWHERE of bind "safe" (looked for vault://kv/x: no source for this location)',
      details: { operation: "op", variables: ["env.X", "A", "ELSEWHERE"], reasons: {} },
    });
  });

  it("tells why a source cannot answer, asks none behind it, and asks again next time", async () => {
    let broken = true;
    const asked: string[] = [];
    const locked: BindSource = {
      ...sourceOf({}),
      lookup: () => (broken ? Promise.reject(new Error("locked\nat line 2")) : "open"),
    };
    const resolver = new BindResolver([locked, sourceOf({ A: "other" }, asked)], new SecretMask(), 0);
    await expect(resolver.resolve(request(A))).rejects.toMatchObject({
      code: "BIND_MISSING",
      message: expect.stringContaining("(looked for a table with A: locked)") as string,
      details: { operation: "op", variables: ["A"], reasons: { A: "locked" } },
    });
    expect(await resolver.state(A)).toEqual({ kind: "failed", reason: "locked" });
    expect(asked).toEqual([]);
    broken = false;
    expect((await resolver.resolve(request(A))).get(A)).toBe("open");
  });

  it("ends a look-up that takes too long, and tells the source", async () => {
    let signal: AbortSignal | undefined;
    const slow: BindSource = {
      ...sourceOf({}),
      lookup: (_, options) => {
        signal = options.signal;
        return new Promise(() => {});
      },
    };
    const resolver = new BindResolver([slow], new SecretMask(), 20);
    await expect(resolver.resolve(request(A))).rejects.toMatchObject({
      code: "BIND_MISSING",
      details: { reasons: { A: "no answer within 20 ms" } },
    });
    expect(signal?.aborted).toBe(true);
  });

  it("stops waiting when the call is aborted; who else waits gets the value", async () => {
    let answer: (value: string) => void = () => {};
    const slow: BindSource = {
      ...sourceOf({}),
      lookup: () =>
        new Promise(resolve => {
          answer = resolve;
        }),
    };
    const resolver = new BindResolver([slow], new SecretMask(), 0);
    const call = new AbortController();
    const aborted = resolver.resolve(request(A), call.signal);
    const other = resolver.resolve(request(A));
    call.abort();
    await expect(aborted).rejects.toMatchObject({ code: "ABORTED", details: { operation: "op" } });
    await expect(resolver.resolve(request(A), call.signal)).rejects.toMatchObject({ code: "ABORTED" });
    answer("late");
    expect((await other).get(A)).toBe("late");
  });

  it("refuses a value that is no text: the program that brings it is wrong", async () => {
    const source = { ...sourceOf({}), lookup: () => 5 as unknown as string };
    const resolver = new BindResolver([source], new SecretMask(), 0);
    await expect(resolver.resolve(request(A))).rejects.toThrow(
      new TypeError("A value of A must be a string, found number (a table with A)"),
    );
  });

  it("makes what it finds a secret", async () => {
    const secrets = new SecretMask();
    await new BindResolver([sourceOf({ A: "s3cret" })], secrets, 0).resolve(request(A));
    expect(secrets.text("it is s3cret")).toBe("it is ***");
  });
});

describe("environmentSource()", () => {
  it.each([
    { what: "a variable by its key", env: { KEY_OF_A: "v", A: "w" }, looked: A, expected: "v" },
    { what: "nothing by its name", env: { A: "w" }, looked: A, expected: undefined },
    { what: "an empty one", env: { KEY_OF_A: "" }, looked: A, expected: "" },
    {
      what: "no member of a prototype",
      env: {},
      looked: variable("X", { key: "constructor" }),
      expected: undefined,
    },
    {
      what: "no inherited variable",
      env: Object.create({ KEY_OF_A: "v" }) as object,
      looked: A,
      expected: undefined,
    },
  ])("finds $what", ({ env, looked, expected }) => {
    expect(environmentSource(env as Record<string, string>).lookup(looked, options)).toBe(expected);
  });

  it("serves variables without a location only", () => {
    const source = environmentSource({});
    expect([source.serves(A), source.serves(ELSEWHERE)]).toEqual([true, false]);
    expect(source.describe(A)).toBe("environment variable KEY_OF_A");
  });
});

describe("standInSource()", () => {
  it("makes values up, and remembers for what", () => {
    const source = standInSource();
    expect(source.lookup(ELSEWHERE, options)).toBe("sandbox-elsewhere");
    expect(source.serves(ELSEWHERE)).toBe(true);
    expect([...source.used]).toEqual(["ELSEWHERE"]);
  });
});
