import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import auth from "http-auth";
import { afterEach, describe, expect, it } from "vitest";
import { type DigestAnswer, digestAuthorization } from "../../../src/engine/authentication/digest-authorization.ts";
import { chooseChallenge, parseChallenges } from "../../../src/engine/authentication/digest-challenge.ts";
import { MARK } from "../../support/marked-secret.ts";
import { failureOf, openAuthenticated } from "../../support/open-authenticated.ts";
import { type Answerer, answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

/** The challenges of RFC 7616, 3.9.1, and of 3.9.2 as erratum 4897 has it. */
const NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
const OPAQUE = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS";
const MD5 = `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="${NONCE}", opaque="${OPAQUE}"`;
const SHA256 = MD5.replace("MD5", "SHA-256");
const SHA512 = `Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true`;

const MUFASA = {
  username: "Mufasa",
  password: "Circle of Life",
  cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
  count: 1,
};

interface AnswerCase {
  readonly what: string;
  readonly challenge: string;
  readonly answer: Omit<DigestAnswer, "challenge">;
  readonly url?: string;
  readonly method?: string;
  readonly body?: string;
  readonly has: readonly string[];
  readonly without?: RegExp;
}

const example = "http://api.example.org/dir/index.html";

const answers: readonly AnswerCase[] = [
  {
    what: "RFC 7616, 3.9.1, MD5",
    challenge: MD5,
    answer: MUFASA,
    has: [
      'username="Mufasa"',
      'realm="http-auth@example.org"',
      'uri="/dir/index.html"',
      "algorithm=MD5",
      `nonce="${NONCE}"`,
      "nc=00000001",
      `cnonce="${MUFASA.cnonce}"`,
      "qop=auth",
      'response="8ca523f5e9506fed4657c9700eebdbec"',
      `opaque="${OPAQUE}"`,
    ],
  },
  {
    what: "RFC 7616, 3.9.1, SHA-256",
    challenge: SHA256,
    answer: MUFASA,
    has: ["algorithm=SHA-256", 'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"'],
  },
  {
    what: "RFC 7616, 3.9.2, SHA-512-256 with a hashed user name",
    challenge: SHA512,
    answer: {
      username: "J\u00e4s\u00f8n Doe",
      password: "Secret, or not?",
      cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
      count: 1,
    },
    url: "http://api.example.org/doe.json",
    has: [
      'username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"',
      "userhash=true",
      'response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"',
    ],
  },
  {
    what: "RFC 2617, 3.5",
    challenge:
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    answer: { username: "Mufasa", password: "Circle Of Life", cnonce: "0a4f113b", count: 1 },
    has: ['response="6629fae49393a05397450978507c4ef1"', "qop=auth, "],
    without: /algorithm/,
  },
  {
    what: "a server of before RFC 2617",
    challenge: 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"',
    answer: { username: "Mufasa", password: "CircleOfLife", cnonce: "x", count: 1 },
    has: ['response="1949323746fe6a43ef61f9606e7febea"'],
    without: /nc=|qop|cnonce|opaque/,
  },
  {
    what: "a query, which is part of the request's URI",
    challenge: MD5,
    answer: MUFASA,
    url: "http://api.example.org/dir/index.html?a=%20b",
    has: ['uri="/dir/index.html?a=%20b"'],
  },
  {
    what: "a user name that no header can hold",
    challenge: MD5,
    answer: { ...MUFASA, username: "J\u00e4s\u00f8n (Doe)" },
    has: ["username*=UTF-8''J%C3%A4s%C3%B8n%20%28Doe%29"],
    without: /username=/,
  },
  {
    what: "quotes in names",
    challenge: 'Digest realm="a \\"b\\" \\\\c", nonce="n\\"", qop=auth',
    answer: { ...MUFASA, username: 'M"u' },
    has: ['realm="a \\"b\\" \\\\c"', 'nonce="n\\""', 'username="M\\"u"'],
  },
  {
    what: "a nonce that was used often",
    challenge: MD5,
    answer: { ...MUFASA, count: 0xab },
    has: ["nc=000000ab"],
  },
];

describe("digestAuthorization() answers", () => {
  it.each(answers)("$what", ({ challenge, answer, url = example, method = "GET", body, has, without }) => {
    const request = { method, url, headers: {}, ...(body === undefined ? {} : { body }) };
    const text = digestAuthorization(request, {
      ...answer,
      challenge: chooseChallenge(parseChallenges(challenge)),
    });
    expect(text).toMatch(/^Digest /);
    for (const part of has) expect(text).toContain(part);
    if (without !== undefined) expect(text).not.toMatch(without);
  });
});

describe("parseChallenges()", () => {
  it.each<[string | readonly string[] | undefined, readonly [string, Record<string, string>][]]>([
    [undefined, []],
    ["", []],
    ["Negotiate", [["negotiate", {}]]],
    ['Basic realm="x, y=z"', [["basic", { realm: "x, y=z" }]]],
    [
      'Negotiate abc==, Digest realm=a ,nonce = "b" , , qop="auth,auth-int",Basic realm="c"',
      [
        ["negotiate", {}],
        ["digest", { realm: "a", nonce: "b", qop: "auth,auth-int" }],
        ["basic", { realm: "c" }],
      ],
    ],
    [
      ['DIGEST NONCE="1"', 'Digest nonce="2", stale=TRUE'],
      [
        ["digest", { nonce: "1" }],
        ["digest", { nonce: "2", stale: "TRUE" }],
      ],
    ],
    ['Digest realm="never closed', [["digest", {}]]],
    ["\u0000 ???", []],
  ])("reads %j", (fields, expected) => {
    const found = parseChallenges(fields).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
    expect(found).toEqual(expected);
  });

  it("takes no longer for text that is made to take long", () => {
    const started = process.cpuUsage();
    parseChallenges([`Digest ${'a="'.repeat(20_000)}`, `${"a ,".repeat(20_000)}=`, "\\".repeat(60_000)]);
    // Some tenths of a millisecond; a pattern that backtracks takes minutes.
    expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
  });
});

describe("chooseChallenge()", () => {
  const of = (...algorithms: readonly string[]) =>
    algorithms.map(algorithm => `Digest realm=r, nonce=n, qop=auth, algorithm=${algorithm}`);

  it.each([
    [of("MD5", "SHA-256"), { algorithm: "SHA-256", hash: "sha256", session: false }],
    [of("MD5", "MD5-sess"), { algorithm: "MD5", hash: "md5" }],
    [of("MD5-sess"), { algorithm: "MD5-sess", hash: "md5", session: true }],
    [of("sha-256-SESS"), { algorithm: "sha-256-SESS", hash: "sha256", session: true }],
    [of("SHA-256", "SHA-512-256", "SHA3"), { algorithm: "SHA-512-256", hash: "sha512-256" }],
    [["Digest realm=r, nonce=n"], { algorithm: undefined, hash: "md5", qop: undefined }],
    [['Digest realm=r, nonce=n, qop="auth-int"'], { qop: "auth-int" }],
    [['Digest realm=r, nonce=n, qop="auth-int, auth"'], { qop: "auth" }],
  ])("of %j takes %j", (fields, expected) => {
    expect(chooseChallenge(parseChallenges(fields))).toMatchObject(expected);
  });

  it.each([
    ["no challenge at all", [], "no_challenge", "no way to authenticate"],
    ["another scheme", ['Basic realm="x"', "Bearer"], "no_challenge", '"basic", "bearer"'],
    ["an algorithm we do not know", of("SHA-1024"), "unsupported_challenge", '"SHA-1024"'],
    ["a qop we do not know", ["Digest nonce=n, qop=token"], "unsupported_challenge", '"token"'],
    ["no nonce", ["Digest realm=r, qop=auth"], "unsupported_challenge", "without a nonce"],
  ])("refuses %s", (_, fields, reason, says) => {
    const choose = () => chooseChallenge(parseChallenges(fields));
    expect(choose).toThrow(
      expect.objectContaining({ code: "AUTHENTICATION_FAILED", details: { type: "digest", reason } }),
    );
    expect(choose).toThrow(says);
  });
});

const PASSWORD = `${MARK} pass`;
const authentication = { type: "digest", username: "ann", password: "{{PASSWORD}}" };
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function upstream(answer: Answerer): Promise<Upstream> {
  const server = await startUpstream(answer);
  closing.push(() => server.close());
  return server;
}

function open(baseUri: string, password = PASSWORD) {
  return openAuthenticated({ authentication, baseUri, env: { PASSWORD: password } });
}

describe("digest against the server of http-auth", () => {
  const start = async (algorithm: "MD5" | "MD5-sess", qop: "auth" | "none", name = "ann", password = PASSWORD) => {
    const realm = "Test realm";
    const checker = auth.digest({ realm, algorithm, qop }, (user, give) => {
      const hash = createHash("md5").update(`${user}:${realm}:${password}`);
      give(user === name ? hash.digest("hex") : undefined);
    });
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      checker.check((_, answer) => answer.end(JSON.stringify({ user: "ann" })))(request, response);
    });
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
    closing.push(async () => server.close());
    return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  };

  it.each([
    ["MD5", "auth"],
    ["MD5-sess", "auth"],
    ["MD5", "none"],
  ] as const)("%s with qop %s", async (algorithm, qop) => {
    const { url } = await start(algorithm, qop);
    const api = await open(url);
    for (const call of [1, 2, 3]) {
      expect({ call, ...(await api.run("get", { q: "a b" })) }).toMatchObject({
        call,
        outputs: { user: "ann" },
      });
    }
  });

  const key = `${MARK} key`;
  it.each([
    { what: "an empty password", name: key, password: "", login: { username: key, password: "" } },
    { what: "no password", name: key, password: "", login: { username: key } },
    { what: "an empty variable", name: key, password: "", login: { username: key, password: "{{EMPTY}}" } },
    { what: "an empty user name", name: "", password: key, login: { username: "", password: key } },
    { what: "no user name", name: "", password: key, login: { password: "{{KEY}}" } },
  ])("$what", async ({ name, password, login }) => {
    const { url } = await start("MD5", "auth", name, password);
    const api = await openAuthenticated({
      authentication: { type: "digest", ...login },
      baseUri: url,
      env: { EMPTY: "", KEY: key },
    });
    expect(await api.run("get")).toMatchObject({ status: 200 });
  });

  it("uses a nonce again, counted", async () => {
    const { url, seen } = await start("MD5", "auth");
    const api = await open(url);
    for (const q of ["1", "2", "3"]) await api.run("get", { q });
    expect(seen.map(value => /nc=(\d+)/.exec(value ?? "")?.[1])).toEqual([
      undefined,
      "00000001",
      "00000002",
      "00000003",
    ]);
  });

  it("gives the API's 401 for a wrong password", async () => {
    const { url, seen } = await start("MD5", "auth");
    const failure = await failureOf((await open(url, `${MARK} wrong`)).run("get"));
    expect(failure).toMatchObject({ code: "HTTP_STATUS", details: { status: 401 } });
    expect(seen).toHaveLength(2);
  });
});

describe("a digest session", () => {
  const challenge = (nonce: string, more = "") =>
    `Digest realm="r", qop="auth", algorithm=SHA-256, nonce="${nonce}"${more}`;

  it("sends nothing before it is asked, and the body again with the answer", async () => {
    const server = await upstream((request, response) => {
      if (request.headers.authorization !== undefined) return answerJson(response, 200, {});
      response.writeHead(401, { "www-authenticate": challenge("n1") }).end("asked");
    });
    await (await open(server.url)).run("put", { body: { a: 1 } });
    expect(server.requests.map(({ body, headers }) => [body, headers.authorization !== undefined])).toEqual([
      ['{"a":1}', false],
      ['{"a":1}', true],
    ]);
  });

  it("answers a new challenge when its nonce is stale", async () => {
    let nonce = 0;
    const server = await upstream(({ headers: { authorization = "" } }, response) => {
      if (nonce > 0 && authorization.includes(`nonce="n${nonce}"`)) return answerJson(response, 200, {});
      response.writeHead(401, { "www-authenticate": challenge(`n${++nonce}`, nonce > 1 ? ", stale=true" : "") }).end();
    });
    const api = await open(server.url);
    await api.run("get");
    await api.run("get");
    nonce++;
    await api.run("get");
    const sent = server.requests.map(({ headers }) =>
      / nonce="(\w+)", nc=0*(\d+)/
        .exec(headers.authorization ?? "")
        ?.slice(1)
        .join(" "),
    );
    expect(sent).toEqual([undefined, "n1 1", "n1 2", "n1 3", "n3 1"]);
  });

  it("keeps an answer for the origin that asked", async () => {
    const asking = await upstream(({ headers }, response) => {
      if (headers.authorization !== undefined) return answerJson(response, 200, {});
      response.writeHead(401, { "www-authenticate": challenge("n1", ', domain="http://127.0.0.1"') }).end();
    });
    const other = await upstream((_, response) => answerJson(response, 200, {}));
    const api = await openAuthenticated({
      authentication: { type: "digest", username: "ann", password: PASSWORD },
      baseUri: "http://127.0.0.1:{port}",
    });
    await api.run("get", { port: new URL(asking.url).port });
    await api.run("get", { port: new URL(other.url).port });
    expect(asking.requests).toHaveLength(2);
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it("answers no challenge of another origin, to which a redirect led", async () => {
    const other = await upstream((_, response) => {
      response.writeHead(401, { "www-authenticate": challenge("n1") }).end();
    });
    const server = await upstream((_, response) => response.writeHead(302, { location: other.url }).end());
    const failure = await failureOf((await open(server.url)).run("get"));
    expect(failure).toMatchObject({ code: "HTTP_STATUS", details: { status: 401 } });
    const sent = [...server.requests, ...other.requests].map(({ headers }) => headers.authorization);
    expect(sent).toEqual([undefined, undefined]);
  });

  it("answers a challenge where a redirect within the origin led", async () => {
    const server = await upstream(({ url, headers }, response) => {
      if (url === "/data") response.writeHead(307, { location: "/moved?x=1" }).end();
      else if (headers.authorization?.includes('uri="/moved?x=1"')) answerJson(response, 200, {});
      else response.writeHead(401, { "www-authenticate": challenge("n1") }).end();
    });
    expect(await (await open(server.url)).run("get")).toMatchObject({ status: 200 });
    expect(server.requests.map(({ url }) => url)).toEqual(["/data", "/moved?x=1", "/moved?x=1"]);
  });

  it.each([
    ["no challenge", {}, "no_challenge", "no way to authenticate"],
    [
      "an unknown algorithm",
      { "www-authenticate": "Digest nonce=n, algorithm=ROT13" },
      "unsupported_challenge",
      "ROT13",
    ],
  ])("says so when a 401 comes with %s", async (_, headers, reason, says) => {
    const server = await upstream((_request, response) => response.writeHead(401, headers).end());
    const failure = await failureOf((await open(server.url)).run("get"));
    expect(failure).toMatchObject({
      code: "AUTHENTICATION_FAILED",
      details: { operation: "get", type: "digest", reason },
    });
    expect(failure.message).toContain(says);
    expect(server.requests).toHaveLength(1);
  });

  it("leaves the request to a caller who brings the header", async () => {
    const server = await upstream((_, response) => response.writeHead(401).end());
    const failure = await failureOf((await open(server.url)).run("put", { Authorization: "mine" }));
    expect(failure).toMatchObject({ code: "HTTP_STATUS" });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(["mine"]);
  });
});
