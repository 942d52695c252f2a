import { describe, expect, it } from "vitest";
import { CapabilityError } from "../../src/base/capability-error.ts";

const request = { method: "GET", url: "https://api.test/items" };
const answered = { operation: "shop.get", status: 404, headers: {}, request };

describe("JSON.stringify() of a CapabilityError", () => {
  it.each([
    {
      of: "code, message and details",
      error: new CapabilityError("HTTP_STATUS", { message: "Not found", details: { ...answered, body: { a: [1] } } }),
      json: { code: "HTTP_STATUS", message: "Not found", details: { ...answered, body: { a: [1] } }, remedies: [] },
    },
    {
      of: "the place in the file",
      error: new CapabilityError("INPUT_INVALID", {
        message: "No number",
        details: { operation: "shop.get", input: "id" },
        source: { file: "/shop.yaml", line: 3, column: 5, pointer: "/capability", text: "in: 1" },
      }),
      json: {
        code: "INPUT_INVALID",
        message: "No number",
        details: { operation: "shop.get", input: "id" },
        source: { file: "/shop.yaml", line: 3, column: 5, pointer: "/capability", text: "in: 1" },
        remedies: [],
      },
    },
    {
      of: "large integers as texts",
      error: new CapabilityError("HTTP_STATUS", {
        message: "Not found",
        details: { ...answered, body: { id: 9_007_199_254_740_993n } },
      }),
      json: {
        code: "HTTP_STATUS",
        message: "Not found",
        details: { ...answered, body: { id: "9007199254740993" } },
        remedies: [],
      },
    },
    {
      of: "no cause, which is the program's own",
      error: new CapabilityError("NETWORK", {
        message: "No connection",
        details: { reason: "ECONNREFUSED", url: request.url },
        cause: new Error("sk_secret"),
      }),
      json: {
        code: "NETWORK",
        message: "No connection",
        details: { reason: "ECONNREFUSED", url: request.url },
        remedies: [],
      },
    },
  ])("has $of", ({ error, json }) => {
    expect(JSON.parse(JSON.stringify({ error }))).toEqual({ error: { name: "CapabilityError", ...json } });
  });
});
