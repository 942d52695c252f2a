import { describe, expect, it } from "vitest";
import { baseUriProblem, baseUrl } from "../../../src/language/expression/base-uri.ts";

const usable: readonly [text: string, url: string][] = [
  ["https://api.test", "https://api.test"],
  ["https://api.test/", "https://api.test"],
  ["https://api.test//", "https://api.test"],
  ["http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"],
  ["https://api.test:443/v1", "https://api.test/v1"],
  ["HTTPS://API.Test/V1", "https://api.test/V1"],
  ["http://[::1]:3000/v1", "http://[::1]:3000/v1"],
  ["https://münchen.test/é", "https://xn--mnchen-3ya.test/%C3%A9"],
  ["https://api.test/a%20b/{c}", "https://api.test/a%20b/%7Bc%7D"],
  ["https://api.test/a/../b", "https://api.test/a/../b"],
];

const unusable: readonly [text: string, problem: string][] = [
  ["", "is not an absolute URL"],
  ["api.test", "is not an absolute URL"],
  ["//api.test", "is not an absolute URL"],
  ["https://", "is not an absolute URL"],
  ["https://api test", "is not an absolute URL"],
  ["https://api.test:99999", "is not an absolute URL"],
  ["ftp://api.test", 'has the scheme "ftp", not http or https'],
  ["javascript:alert(1)", 'has the scheme "javascript", not http or https'],
  ["https://user@api.test", "holds a user name or password"],
  ["https://:pass@api.test", "holds a user name or password"],
  ["https://@api.test", "holds a user name or password"],
  ["https://api.test?", 'holds a "?" or "#"'],
  ["https://api.test/#x", 'holds a "?" or "#"'],
  ["https:api.test", "is not written as scheme://host"],
  ["https:/api.test", "is not written as scheme://host"],
  ["https:///api.test", "is not written as scheme://host"],
  ["https:\\\\api.test", "is not written as scheme://host"],
  ["https://api.test/a\\b", "is not written as scheme://host"],
  ["https://api.test/\n", "is not written as scheme://host"],
];

describe("a base URI", () => {
  it.each(usable)("%s begins URLs as %s", (text, url) => {
    expect(baseUriProblem(text)).toBeUndefined();
    expect(baseUrl(text)).toBe(url);
  });

  it.each(unusable)("%j %s", (text, problem) => {
    expect(baseUriProblem(text)).toBe(problem);
  });
});
