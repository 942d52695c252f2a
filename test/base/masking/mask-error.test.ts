import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { CapabilityError } from "../../../src/base/capability-error.ts";
import { isForeign, rememberForeign } from "../../../src/base/foreign-error.ts";
import { SecretMask } from "../../../src/base/mask-secrets.ts";

const SECRET = "5ecret/value";
const secrets = new SecretMask();
secrets.add(SECRET);

class OwnError extends RangeError {
  readonly code = "E_OWN";
}

describe("SecretMask.error", () => {
  it("gives the error itself where nothing in it is secret", () => {
    const error = new Error("plain", { cause: new AggregateError([new OwnError("x")]) });
    expect(secrets.error(error)).toBe(error);
    expect(secrets.error("text")).toBe("text");
    expect(secrets.error(undefined)).toBe(undefined);
  });

  it("copies one with its class, code and chain where something is", () => {
    const last = new OwnError(`told ${SECRET}`);
    const error = new TypeError("outer", { cause: new AggregateError([last, new Error("plain")], "some") });
    const masked = secrets.error(error) as TypeError & { cause: AggregateError };
    expect(masked).toBeInstanceOf(TypeError);
    expect(masked.message).toBe("outer");
    const [first, second] = masked.cause.errors;
    expect(first).toBeInstanceOf(OwnError);
    expect(first).toMatchObject({ message: "told ***", code: "E_OWN" });
    expect(second.message).toBe("plain");
    expect(inspect(masked, { depth: 9 })).not.toContain(SECRET);
    expect(inspect(error, { depth: 9 })).toContain(SECRET);
  });

  it("prints the causes of a CapabilityError masked, and leaves those of a program as they are", () => {
    const thrown = new Error(`of the program: ${SECRET}`);
    rememberForeign(thrown);
    const cause = secrets.error(thrown, isForeign);
    expect(cause).toBe(thrown);
    const error = new CapabilityError("NETWORK", {
      message: "failed",
      details: { reason: "X", url: "http://h.test" },
      cause,
      secrets,
    });
    expect(error.cause).toBe(thrown);
    expect(inspect(error)).toContain("of the program: ***");
    expect(inspect({ error })).not.toContain(SECRET);
    expect(inspect(error)).toContain("code: 'NETWORK'");
  });
});

describe("SecretMask.value", () => {
  it.each<readonly [what: string, value: unknown, expected: unknown]>([
    ["a map", new Map([[SECRET, new Set([SECRET])]]), new Map([["***", new Set(["***"])]])],
    ["bytes", Buffer.from(`x${SECRET}`), Buffer.from("x***")],
    ["a URL", new URL(`http://h.test/?k=${SECRET}`), "http://h.test/?k=***"],
    ["an error", { e: new Error(SECRET) }, { e: { name: "Error", message: "***" } }],
    ["a symbol", [Symbol(SECRET)], ["Symbol(***)"]],
    ["what is no text", [1n, 2, true, null, undefined], [1n, 2, true, null, undefined]],
  ])("masks %s", (_, value, expected) => {
    expect(secrets.value(value)).toEqual(expected);
  });

  it("masks what cannot be read, and a number that is the secret", () => {
    const numbers = new SecretMask();
    numbers.add("12345678");
    const value = {
      get broken() {
        throw new Error("no");
      },
      account: 12345678,
      big: 12345678n,
      other: 1234,
    };
    expect(numbers.value(value)).toEqual({ broken: "***", account: "***", big: "***", other: 1234 });
  });

  it("ends with a value that is as wide as it is deep", () => {
    let value: unknown = SECRET;
    for (let depth = 0; depth < 60; depth++) value = [value, value];
    let masked = secrets.value(value);
    for (let depth = 0; depth < 60; depth++) masked = (masked as unknown[])[depth % 2];
    expect(masked).toBe("***");
  });
});
