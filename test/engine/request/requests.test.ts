import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { version } from "../../../src/base/version.ts";
import { openCapability } from "../../../src/library/open-capability.ts";
import type { HttpRequest } from "../../../src/net/http-request.ts";
import { type RequestCase, requestCases } from "./cases.ts";
import { programmedCases } from "./programmed-cases.ts";

describe.each([...requestCases, { about: "values of programs", cases: programmedCases }])(
  "requests: $about",
  ({ cases }) => {
    it.each(cases)("$what", async request => {
      const { gives, fails, method = "GET" } = request;
      if (fails !== undefined) {
        const { says = [], ...error } = fails;
        const thrown: unknown = await prepare(request).catch((reason: unknown) => reason);
        expect(thrown).toMatchObject({ name: "CapabilityError", ...error });
        for (const part of says) expect((thrown as Error).message).toContain(part);
        return;
      }
      const { url = "https://api.test/v1/x", headers = {}, body } = gives ?? {};
      expect(comparable(await prepare(request), typeof body === "string")).toStrictEqual({
        method,
        url,
        headers: { accept: "application/json", "user-agent": `naftiko/${version}`, ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : Uint8Array.from(body) }),
      });
    });
  },
);

describe("prepare()", () => {
  it("gives every call a request of its own", async () => {
    const capability = await openCapability(documentOf({ what: "" }), { env: {} });
    const [one, other] = await Promise.all([capability.prepare("op"), capability.prepare("op")]);
    expect(one).toEqual(other);
    expect(one.headers).not.toBe(other.headers);
  });

  it("changes nothing it is given", async () => {
    const inputs = Object.freeze({ body: Object.freeze({ list: Object.freeze([1, 2]) }) });
    const request: RequestCase = {
      what: "",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: object }]",
      inputs,
    };
    expect((await prepare(request)).body).toBe('{"list":[1,2]}');
  });
});

/** Returns a request whose bytes are plain ones, or text. */
function comparable(request: HttpRequest, isText: boolean): HttpRequest {
  const { body } = request;
  if (!(body instanceof Uint8Array)) return request;
  return { ...request, body: isText ? new TextDecoder().decode(body) : Uint8Array.from(body) };
}

async function prepare(request: RequestCase): Promise<HttpRequest> {
  const capability = await openCapability(documentOf(request), {
    env: request.env ?? {},
    ...request.options,
  });
  return capability.prepare("op", request.inputs);
}

function documentOf({
  operation = "",
  adapter = "",
  method = "GET",
  path = "/x",
  baseUri = "https://api.test/v1",
  binds = "- { namespace: env, keys: { TOKEN: TOKEN, USER: USER_NAME, PASSWORD: PASSWORD } }",
}: RequestCase): object {
  const lines = (text: string): object => (parse(text) ?? {}) as object;
  return {
    naftiko: "1.0.0-alpha3",
    binds: parse(binds),
    capability: {
      consumes: [
        {
          type: "http",
          namespace: "api",
          baseUri,
          ...lines(adapter),
          resources: [{ name: "r", path, operations: [{ name: "op", method, ...lines(operation) }] }],
        },
      ],
    },
  };
}
