import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openapiPage, PAGE_HEADERS } from "../../../src/surfaces/rest/page/openapi-page.ts";

const HOSTILE = `"><script>alert(1)</script>\u202e<img src=x onerror='alert(2)'>`;

function documentWith(more: object): Record<string, unknown> {
  return { openapi: "3.1.1", info: { title: "Ships", version: "1.0.0" }, servers: [{ url: "/" }], paths: {}, ...more };
}

const operation = {
  operationId: "get-ship",
  summary: "One ship",
  parameters: [{ name: "imo", in: "path", required: true, description: "Its number", schema: { type: "string" } }],
  requestBody: {
    content: {
      "application/json": {
        schema: {
          type: "object",
          properties: { crew: { type: "array", items: { type: "integer" } } },
          required: ["crew"],
        },
      },
    },
  },
  responses: {
    "200": {
      description: "Success",
      content: { "application/json": { schema: { $ref: "#/components/schemas/Ship" } } },
    },
    "400": { $ref: "#/components/responses/BadRequest" },
  },
};

const whole = documentWith({
  paths: { "/ships/{imo}": { get: operation } },
  components: {
    responses: { BadRequest: { description: "Inputs are wrong" } },
    schemas: {
      Ship: {
        type: "object",
        properties: { name: { type: ["string", "null"], maxLength: 9 }, escort: { $ref: "#/components/schemas/Ship" } },
      },
    },
  },
});

/** Texts that a reader sees, in their order, without the style. */
function seen(page: string): string {
  return page
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
}

describe("openapiPage()", () => {
  it.each([
    ["an operation", "GET /ships/{imo} One ship"],
    ["a parameter", "imo path, string required Its number"],
    ["a body, whose members are marked", "crew array of integer required"],
    ["an answer, by its component", "application/json object name string or null, length ≤ 9 escort object name"],
    ["an error, by its component", "400 Inputs are wrong"],
  ])("shows %s", (_, text) => {
    expect(seen(openapiPage(whole, "openapi.json"))).toContain(text);
  });

  it.each([
    ["title", { info: { title: HOSTILE, version: "1" } }],
    ["description", { info: { title: "a", description: HOSTILE, version: HOSTILE } }],
    ["path", { paths: { [`/${HOSTILE}`]: { get: operation } } }],
    ["tag", { paths: { "/a": { get: { ...operation, tags: [HOSTILE] }, put: { ...operation, tags: [HOSTILE] } } } }],
    [
      "name of a parameter",
      { paths: { "/a": { get: { ...operation, parameters: [{ name: HOSTILE, in: HOSTILE }] } } } },
    ],
    [
      "schema",
      {
        paths: {
          "/a": {
            get: {
              responses: {
                [`2${HOSTILE}`]: {
                  description: HOSTILE,
                  content: { [HOSTILE]: { schema: { type: HOSTILE, enum: [HOSTILE], properties: { [HOSTILE]: {} } } } },
                },
              },
            },
          },
        },
      },
    ],
    [
      "server and credential",
      {
        servers: [{ url: HOSTILE }],
        components: { securitySchemes: { a: { type: "apiKey", name: HOSTILE, in: HOSTILE } } },
      },
    ],
  ])("escapes markup and hidden characters of a %s", (_, more) => {
    const page = openapiPage(documentWith(more), HOSTILE);
    expect(page).not.toMatch(/<script|<img|\u202e/);
    expect(page).toContain("&lt;script&gt;");
  });

  it("ends at schemas that contain themselves, and at wide ones", () => {
    const page = openapiPage(
      documentWith({
        paths: {
          "/a": {
            get: {
              responses: {
                200: { content: { "application/json": { schema: { $ref: "#/components/schemas/List" } } } },
                201: { content: { "application/json": { schema: { $ref: "#/components/schemas/Choice" } } } },
              },
            },
          },
        },
        components: {
          schemas: {
            List: { type: "array", items: { $ref: "#/components/schemas/List" } },
            Choice: { anyOf: Array.from({ length: 40 }, () => ({ $ref: "#/components/schemas/Choice" })) },
            Loop: { $ref: "#/components/schemas/Loop" },
          },
        },
      }),
      "openapi.json",
    );
    expect(page.length).toBeLessThan(20_000);
  });

  it("allows its style alone, by its hash", () => {
    const style = /<style>(.*?)<\/style>/s.exec(openapiPage(whole, "openapi.json"))?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(PAGE_HEADERS["content-security-policy"]).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
    expect(openapiPage(whole, "openapi.json")).not.toMatch(/<script|style=| on\w+=/);
  });
});
