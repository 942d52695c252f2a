import { describe, expect, it } from "vitest";
import { CapabilityError } from "../../src/error/capability-error.ts";
import { openCapability } from "../../src/index.ts";
import { baseUris, bodies, credentials, parameters, paths, type RequestCase } from "./request-cases.ts";

function documentOf(testCase: RequestCase): object {
  const [method = "", path = ""] = testCase.operation.split(/ (.*)/s);
  const optional = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });
  return {
    naftiko: "1.0.0-alpha2",
    ...optional("binds", testCase.binds),
    capability: {
      consumes: [
        {
          type: "http",
          namespace: "shop",
          baseUri: testCase.baseUri ?? "https://api.test/v1",
          ...optional("authentication", testCase.authentication),
          ...optional("inputParameters", testCase.adapterParameters),
          resources: [
            {
              name: "resource",
              path,
              ...optional("inputParameters", testCase.resourceParameters),
              operations: [
                {
                  name: "call",
                  method,
                  ...optional("inputParameters", testCase.parameters),
                  ...optional("body", testCase.body),
                },
              ],
            },
          ],
        },
      ],
    },
  };
}

describe.each([
  { group: "path", cases: paths },
  { group: "base URI", cases: baseUris },
  { group: "parameters", cases: parameters },
  { group: "body", cases: bodies },
  { group: "credential", cases: credentials },
])("a request: $group", ({ cases }) => {
  it.each(cases)("$what", async testCase => {
    const capability = await openCapability(documentOf(testCase), {
      env: testCase.env ?? {},
      impliedAuthentication: testCase.impliedAuthentication ?? true,
    });
    const call = capability.prepare("call", testCase.inputs ?? {});
    if (testCase.error !== undefined) {
      const error = await call.then(
        request => expect.fail(`became ${JSON.stringify(request)}`),
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(CapabilityError);
      expect((error as CapabilityError).code, (error as CapabilityError).message).toBe(testCase.error);
      if (testCase.says !== undefined) expect((error as CapabilityError).message).toContain(testCase.says);
      return;
    }
    const request = await call;
    if (testCase.request !== undefined) expect(`${request.method} ${request.url}`).toBe(testCase.request);
    expect(request.headers).toMatchObject({
      accept: expect.any(String),
      "user-agent": expect.stringMatching(/^naftiko\//),
    });
    for (const [name, value] of Object.entries(testCase.headers ?? {}))
      expect(request.headers[name], name).toBe(value);
    if ("sent" in testCase) expect(request.body).toBe(testCase.sent);
    // What URL parsers make of it must be the same request.
    expect(new URL(request.url).href.replace(/\/$/, "")).toBe(request.url.replace(/\/$/, ""));
  });
});
