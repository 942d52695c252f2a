import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CapabilityError, isCapabilityError } from "../../src/base/capability-error.ts";
import { fetchText } from "../../src/engine/fetch-text.ts";
import { markedSecret } from "../support/marked-secret.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

type Rules = Partial<Parameters<typeof fetchText>[1]>;

let upstream: Upstream;
/** The same server by another name. */
let elsewhere: string;

beforeAll(async () => {
  upstream = await startUpstream(({ url }, response) => {
    if (url === "/text") response.end("\ufefftext");
    else if (url === "/utf16") response.end(Buffer.from("\ufefftext", "utf16le"));
    else if (url === "/gzip") response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("text"));
    else if (url === "/bytes") response.end(new Uint8Array([65, 66, 67, 255]));
    else if (url === "/large") response.end("a".repeat(2_000));
    else if (url === "/bomb")
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("a".repeat(2_000_000)));
    else if (url === "/moved") response.writeHead(301, { location: "/text" }).end();
    else if (url === "/away") response.writeHead(302, { location: `${elsewhere}/text` }).end();
    else if (url === "/circle") response.writeHead(302, { location: "/circle" }).end();
    else if (url === "/file") response.writeHead(302, { location: "file:///etc/passwd" }).end();
    else if (url !== "/silent") response.writeHead(404).end("nothing");
  });
  elsewhere = upstream.url.replace("127.0.0.1", "localhost");
});
afterAll(() => upstream.close());

function fetchFrom(path: string, rules: Rules = {}) {
  return fetchText(path.startsWith("/") ? upstream.url + path : path, {
    options: {},
    env: {},
    cwd: "/",
    signal: undefined,
    accept: "text/plain",
    maxBytes: 1_000_000,
    allowsPlainHttp: true,
    leavesHost: true,
    namedOrigin: upstream.url,
    ...rules,
  });
}

it.each<{ path: string; from?: string; rules?: Rules }>([
  { path: "/text" },
  { path: "/text#part", from: "/text#part" },
  { path: "/utf16" },
  { path: "/gzip" },
  { path: "/moved", from: "/text" },
  { path: "/moved", from: "/text", rules: { leavesHost: false } },
])("fetches $path", async ({ path, from = path, rules = {} }) => {
  expect(await fetchFrom(path, rules)).toEqual({ text: "text", url: upstream.url + from });
});

it("asks with its name and without anything secret", async () => {
  await fetchFrom("/text");
  expect(upstream.requests.at(-1)?.headers).toMatchObject({
    accept: "text/plain",
    "user-agent": expect.stringMatching(/^naftiko\//),
  });
});

it.each<{ of: string; path: string; rules?: Rules; code: string; message: string }>([
  {
    of: "plain http",
    path: "/text",
    rules: { allowsPlainHttp: false },
    code: "EGRESS_REFUSED",
    message: "plain http can be changed",
  },
  { of: "another scheme", path: "ftp://a.example/x", code: "EGRESS_REFUSED", message: "only http and https" },
  {
    of: "a redirect to another host",
    path: "/away",
    rules: { leavesHost: false },
    code: "EGRESS_REFUSED",
    message: "localhost is another host",
  },
  { of: "a redirect to a private address", path: "/away", code: "EGRESS_REFUSED", message: "only public addresses" },
  {
    of: "a redirect to a file",
    path: "/file",
    code: "REDIRECT_REFUSED",
    message: "only http and https URLs are followed",
  },
  { of: "redirects without end", path: "/circle", code: "REDIRECT_REFUSED", message: "at most 5 redirects" },
  {
    of: "a private address that nobody named",
    path: "/text",
    rules: { namedOrigin: "" },
    code: "EGRESS_REFUSED",
    message: "not public",
  },
  {
    of: "a host that is not allowed",
    path: "/text",
    rules: { options: { allowHosts: ["a.example"] } },
    code: "EGRESS_REFUSED",
    message: "not among the allowed hosts",
  },
  {
    of: "a named address, for public ones alone",
    path: "/text",
    rules: { options: { egress: "public" } },
    code: "EGRESS_REFUSED",
    message: "not public",
  },
  { of: "a large text", path: "/large", rules: { maxBytes: 1_000 }, code: "RESPONSE_TOO_LARGE", message: "1000" },
  { of: "a small text that unpacks to a large one", path: "/bomb", code: "RESPONSE_TOO_LARGE", message: "1000000" },
  { of: "bytes", path: "/bytes", code: "RESPONSE_INVALID", message: "it is not UTF-8 text" },
  { of: "a text that is not there", path: "/none", code: "HTTP_STATUS", message: "HTTP 404 Not Found" },
  {
    of: "an answer that does not come",
    path: "/silent",
    rules: { options: { timeoutMs: 50 } },
    code: "TIMEOUT",
    message: "50 ms",
  },
  {
    of: "a server that is not there",
    path: "http://127.0.0.1:9/",
    rules: { namedOrigin: "http://127.0.0.1:9" },
    code: "NETWORK",
    message: "127.0.0.1",
  },
])("refuses $of", async ({ path, rules = {}, code, message }) => {
  const error = await fetchFrom(path, rules).catch((thrown: CapabilityError) => thrown);
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
});

it.each<{ of: string; path: string; rules: Rules }>([
  { of: "a redirect to a private address", path: "/away", rules: { options: { egress: "any" } } },
  { of: "an address that nobody named", path: "/text", rules: { namedOrigin: "", options: { egress: "any" } } },
])("takes $of with the option egress", async ({ path, rules }) => {
  expect((await fetchFrom(path, rules)).text).toBe("text");
});

it("shows no credential of a URL", async () => {
  const secret = markedSecret("url");
  const error = await fetchFrom(`https://user:${secret}@a.example/x`).catch((thrown: unknown) => thrown);
  expect(isCapabilityError(error, "EGRESS_REFUSED")).toBe(true);
  expect(JSON.stringify(error) + String(error)).not.toContain(secret);
});

it("ends when it is aborted", async () => {
  const error = await fetchFrom("/silent", { signal: AbortSignal.timeout(20) }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "ABORTED" });
});
