import { describe, expect, it } from "vitest";
import { hostPatternProblem, requireAllowedHost } from "../../../../src/net/connect/egress/egress-policy.ts";

const FIRST = "https://api.test/v1";

const cases: readonly { hosts?: readonly string[]; url: string; allowed: boolean }[] = [
  { url: "https://api.test/x", allowed: true },
  { url: "http://api.test:8080/", allowed: true },
  { url: "https://API.test./x", allowed: true },
  { url: "https://other.test/", allowed: false },
  { url: "https://v2.api.test/", allowed: false },
  { url: "https://api.test.evil.test/", allowed: false },
  { url: "https://api.test@evil.test/", allowed: false },
  { hosts: [], url: "https://api.test/", allowed: false },
  { hosts: ["api.test"], url: "https://api.test:8443/", allowed: true },
  { hosts: ["API.Test"], url: "https://api.test/", allowed: true },
  { hosts: ["api.test."], url: "https://api.test/", allowed: true },
  { hosts: ["api.test"], url: "https://xapi.test/", allowed: false },
  { hosts: ["a.test", "b.test"], url: "https://b.test/", allowed: true },
  { hosts: ["*.api.test"], url: "https://v2.api.test/", allowed: true },
  { hosts: ["*.api.test"], url: "https://a.b.api.test/", allowed: true },
  { hosts: ["*.api.test"], url: "https://api.test/", allowed: false },
  { hosts: ["*.api.test"], url: "https://evilapi.test/", allowed: false },
  { hosts: ["*.api.test"], url: "https://v2.api.test.evil.test/", allowed: false },
  { hosts: ["*"], url: "https://anything.test/", allowed: true },
  { hosts: ["bücher.test"], url: "https://xn--bcher-kva.test/", allowed: true },
  { hosts: ["127.0.0.1"], url: "http://2130706433/", allowed: true },
  { hosts: ["127.0.0.1"], url: "http://0x7f.1:99/", allowed: true },
  { hosts: ["::1"], url: "http://[0:0::1]:99/", allowed: true },
  { hosts: ["[::1]"], url: "http://[::1]/", allowed: true },
  { hosts: ["localhost"], url: "http://127.0.0.1/", allowed: false },
];

describe("requireAllowedHost()", () => {
  it.each(cases)("with $hosts: $url is allowed: $allowed", ({ hosts, url, allowed }) => {
    const check = () => requireAllowedHost(url, hosts && { allowHosts: hosts }, FIRST);
    if (allowed) expect(check()).toBeUndefined();
    else expect(check).toThrow(expect.objectContaining({ code: "EGRESS_REFUSED" }));
  });

  it("says what host it is, what is allowed, and how to allow it", () => {
    expect(() => requireAllowedHost("https://other.test/x", undefined, FIRST)).toThrow(
      expect.objectContaining({
        message:
          "Cannot follow the redirect of https://api.test/v1 to https://other.test/x: other.test is another host",
        details: { host: "other.test", url: "https://other.test/x" },
        remedies: [{ option: "allowHosts", value: ["api.test", "other.test"] }],
      }),
    );
    expect(() =>
      requireAllowedHost("https://other.test/x", { allowHosts: ["a.test", "*.b.test"] }, "https://other.test/x"),
    ).toThrow(
      expect.objectContaining({
        message: "Cannot send to other.test: other.test is not among the allowed hosts (a.test, *.b.test)",
        remedies: [{ option: "allowHosts", value: ["other.test"] }],
      }),
    );
  });
});

describe("hostPatternProblem()", () => {
  it.each(["api.test", "*.api.test", "*", "127.0.0.1", "::1", "[::1]", "bücher.test", "localhost"])(
    "takes %s",
    pattern => {
      expect(hostPatternProblem(pattern)).toBeUndefined();
    },
  );

  it.each([
    ["https://api.test", /URL/],
    ["api.test:443", /ports/],
    ["[::1]:443", /ports/],
    ["api.test/v1", /not a host name/],
    ["user@api.test", /not a host name/],
    ["", /not a host name/],
    ["a b", /not a host name/],
    ["*.", /not a host name/],
    ["api.*", /stands alone/],
    ["a.*.test", /stands alone/],
    ["*api.test", /stands alone/],
  ])("refuses %j", (pattern, reason) => {
    expect(hostPatternProblem(pattern)).toMatch(reason);
  });
});
