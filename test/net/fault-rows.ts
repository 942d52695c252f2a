import { brotliCompressSync, gzipSync } from "node:zlib";
import { createCertificateAuthority, createSelfSignedCertificate } from "../support/certificates.ts";
import { END, type Faults, RESET, type Step } from "../support/fault-server.ts";

/** One way in which an API misbehaves, and what comes of it. */
export interface FaultRow extends Faults {
  readonly what: string;
  /** Where requests go; the server by default. `<port>` is its port. */
  readonly baseUri?: string;
  readonly method?: "GET" | "POST" | "HEAD";
  /** The port has no listener. */
  readonly isClosed?: boolean;
  readonly retries?: number;
  /** Answers of the other server. */
  readonly other?: readonly Step[];
  /** Signs the certificate of the server, for a client that trusts it. */
  readonly trust?: string;
  /** The outputs of a call that succeeds. */
  readonly gives?: unknown;
  /** The error of one that fails, and what its message says. */
  readonly fails?: { readonly code: string; readonly exit: number; readonly says: RegExp };
  /** Outcome by `node:http`, and so by the command, where it differs. */
  readonly byNode?: Pick<FaultRow, "gives" | "fails">;
  /** Requests that the server sees; where a client may be faster or slower, the least and the most. */
  readonly requests: number | readonly [least: number, most: number];
  /** Requests that the other server sees. */
  readonly elsewhere?: number;
  /** The library alone: the command has other limits, or would take too long. */
  readonly isLibraryOnly?: boolean;
}

/** Longest body in the calls of the library; the command has its default. */
export const MAX_RESPONSE_BYTES = 1_000_000;

const OK = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;

const authority = createCertificateAuthority();
const TRUSTED = {
  tls: authority.issue("localhost"),
  trust: authority.cert,
  baseUri: "https://localhost:<port>",
};

function network(says: RegExp): NonNullable<FaultRow["fails"]> {
  return { code: "NETWORK", exit: 6, says };
}
function invalid(says: RegExp): NonNullable<FaultRow["fails"]> {
  return { code: "RESPONSE_INVALID", exit: 7, says };
}
function refused(says: RegExp): NonNullable<FaultRow["fails"]> {
  return { code: "REDIRECT_REFUSED", exit: 6, says };
}
function status(says: RegExp): NonNullable<FaultRow["fails"]> {
  return { code: "HTTP_STATUS", exit: 5, says };
}
const timeout = { code: "TIMEOUT", exit: 6, says: /No complete answer from .* within \d+ ms/ };
const tooLarge = { code: "RESPONSE_TOO_LARGE", exit: 7, says: /The answer from .* is larger than \d+ bytes/ };
const headerTooLarge = {
  code: "RESPONSE_TOO_LARGE",
  exit: 7,
  says: /The header of the answer from .* is larger than 65536 bytes/,
};
const closed = network(/the connection was closed before the answer was complete \(ECONNRESET\)/);
const reset = network(/the connection was (?:reset|closed before the answer was complete) \(ECONNRESET\)/);
const notHttp = network(/the answer is not valid HTTP \(HPE_\w+\)/);
/** Undici compares the length with what it has read before it says what was wrong with that. */
const contradictory = network(/the answer is not valid HTTP|the body is not as long as the header says/);

function json(text: string, head = "200 OK"): string {
  return `HTTP/1.1 ${head}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}
function coded(coding: string, body: Uint8Array): readonly Step[] {
  return [`${OK}content-encoding: ${coding}\r\ncontent-length: ${body.length}\r\n\r\n`, body];
}
function redirect(location: string, code = 302): string {
  return `HTTP/1.1 ${code} Moved\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`;
}

const connections: readonly FaultRow[] = [
  { what: "refuses connections", isClosed: true, fails: network(/refused \(ECONNREFUSED\)/), requests: 0 },
  { what: "closes connections at once", onConnection: [END], fails: reset, requests: [0, 1] },
  {
    what: "resets connections at once",
    onConnection: [RESET],
    fails: network(/ECONNRESET|EPIPE/),
    requests: [0, 1],
  },
  { what: "says nothing", answers: [[]], fails: timeout, requests: 1 },
  { what: "closes before an answer", answers: [[END]], fails: closed, requests: 1 },
  { what: "resets before an answer", answers: [[RESET]], fails: reset, requests: 1 },
];

const headers: readonly FaultRow[] = [
  {
    what: "closes within the status line",
    answers: [["HTTP/1.1 20", END]],
    fails: network(/HPE_|ECONNRESET/),
    requests: 1,
  },
  {
    what: "closes within the header",
    answers: [[`${OK}x-a: `, END]],
    fails: network(/HPE_|ECONNRESET/),
    requests: 1,
  },
  {
    what: "resets within the header",
    answers: [[`${OK}x-a: `, { waitMs: 20 }, RESET]],
    fails: reset,
    requests: 1,
  },
  { what: "stalls within the header", answers: [[`${OK}x-a: `]], fails: timeout, requests: 1 },
  {
    what: "sends its header byte by byte",
    answers: [[OK, { repeat: "x", everyMs: 40 }]],
    fails: timeout,
    requests: 1,
  },
  {
    what: "speaks another protocol",
    answers: [["SSH-2.0-OpenSSH_9.6\r\n", END]],
    fails: notHttp,
    requests: 1,
  },
  {
    what: "has a status that is no number",
    answers: [["HTTP/1.1 abc OK\r\n\r\n", END]],
    fails: notHttp,
    requests: 1,
  },
  {
    what: "has a version that there is none of",
    answers: [["HTTP/9.9 200 OK\r\n\r\n", END]],
    fails: notHttp,
    requests: 1,
  },
  {
    what: "has a field without a colon",
    answers: [[`${OK}bad header\r\n\r\n`, END]],
    fails: notHttp,
    requests: 1,
  },
  { what: "has a field with a NUL", answers: [[`${OK}x-a: a\0b\r\n\r\n`, END]], fails: notHttp, requests: 1 },
  {
    what: "has a field of a megabyte",
    answers: [[`${OK}x-a: `, { repeat: "x".repeat(10_000), times: 100 }, "\r\n\r\n{}", END]],
    fails: headerTooLarge,
    requests: 1,
  },
  {
    what: "has fields without end",
    answers: [[OK, { repeat: "x-many: 0123456789\r\n".repeat(100) }]],
    fails: headerTooLarge,
    requests: 1,
  },
  {
    what: "has long fields, as real APIs have",
    answers: [[`${OK}link: ${"x".repeat(50_000)}\r\ncontent-length: 2\r\n\r\n{}`]],
    gives: {},
    requests: 1,
  },
  {
    what: "announces an answer for ever",
    answers: [["", { repeat: "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".repeat(10) }]],
    fails: network(/more than 100 informational answers came/),
    requests: 1,
  },
  {
    what: "lets the client continue for ever",
    answers: [["", { repeat: "HTTP/1.1 100 Continue\r\n\r\n".repeat(10) }]],
    fails: network(/more than 100 informational answers came/),
    requests: 1,
  },
  {
    what: "lets the client continue, in single bytes",
    answers: [[...`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${json('{"a":1}')}`]],
    gives: { a: 1 },
    requests: 1,
  },
  {
    what: "lets the client continue, and stalls",
    answers: [["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 1"]],
    fails: timeout,
    requests: 1,
  },
  {
    what: "announces it is working, and stalls",
    answers: [["HTTP/1.1 102 Processing\r\n\r\n"]],
    fails: timeout,
    requests: 1,
  },
  {
    what: "announces its answer a few times",
    answers: [[`${"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".repeat(20)}${json("{}")}`]],
    gives: {},
    requests: 1,
  },
  {
    what: "changes the protocol",
    answers: [["HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"]],
    fails: network(/Cannot reach/),
    requests: 1,
  },
  {
    what: "has two lengths",
    answers: [[`${OK}content-length: 2\r\ncontent-length: 5\r\n\r\n{}`, END]],
    fails: contradictory,
    requests: 1,
  },
  {
    what: "has a length that is no number",
    answers: [[`${OK}content-length: many\r\n\r\n{}`, END]],
    fails: notHttp,
    requests: 1,
  },
  {
    what: "has a length below nothing",
    answers: [[`${OK}content-length: -2\r\n\r\n{}`, END]],
    fails: notHttp,
    requests: 1,
  },
  {
    what: "has a length and chunks",
    answers: [[`${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`, END]],
    fails: contradictory,
    requests: 1,
  },
];

const bodies: readonly FaultRow[] = [
  {
    what: "closes before the length is reached",
    answers: [[`${OK}content-length: 9\r\n\r\n{}`, END]],
    fails: closed,
    requests: 1,
  },
  {
    what: "stalls before the length is reached",
    answers: [[`${OK}content-length: 9\r\n\r\n{}`]],
    fails: timeout,
    requests: 1,
  },
  {
    what: "resets within the body",
    answers: [[`${OK}content-length: 9\r\n\r\n{}`, { waitMs: 20 }, RESET]],
    fails: reset,
    requests: 1,
  },
  {
    what: "sends more than the length",
    answers: [[`${OK}content-length: 2\r\n\r\n{}{"a":1}`]],
    gives: {},
    byNode: { fails: notHttp },
    requests: 1,
  },
  {
    what: "has a length that cuts the body",
    answers: [[`${OK}content-length: 4\r\n\r\n{"a":1}`]],
    fails: invalid(/it is not JSON/),
    byNode: { fails: notHttp },
    requests: 1,
  },
  { what: "says nothing in a 204", answers: [["HTTP/1.1 204 No Content\r\n\r\n"]], gives: null, requests: 1 },
  {
    what: "sends its body byte by byte",
    answers: [[`${OK}content-length: 1000\r\n\r\n`, { repeat: " ", everyMs: 40 }]],
    fails: timeout,
    requests: 1,
  },
  {
    what: "closes before the last chunk",
    answers: [[`${CHUNKED}2\r\n{}\r\n`, END]],
    fails: closed,
    requests: 1,
  },
  { what: "stalls before the last chunk", answers: [[`${CHUNKED}2\r\n{}\r\n`]], fails: timeout, requests: 1 },
  {
    what: "resets between chunks",
    answers: [[`${CHUNKED}2\r\n{}\r\n`, { waitMs: 20 }, RESET]],
    fails: reset,
    requests: 1,
  },
  {
    what: "has a chunk size that is no number",
    answers: [[`${CHUNKED}zz\r\n{}\r\n`, END]],
    fails: notHttp,
    requests: 1,
  },
  {
    what: "has a chunk that is longer than its size",
    answers: [[`${CHUNKED}1\r\n{}\r\n0\r\n\r\n`, END]],
    fails: notHttp,
    requests: 1,
  },
  {
    what: "has a chunk of a size beyond numbers",
    answers: [[`${CHUNKED}${"f".repeat(17)}\r\n{}\r\n`, END]],
    fails: notHttp,
    requests: 1,
  },
  {
    what: "has a body without end, in chunks",
    answers: [[CHUNKED, { repeat: `4000\r\n${"x".repeat(0x4000)}\r\n` }]],
    fails: tooLarge,
    requests: 1,
  },
  {
    what: "has a body without end, without a length",
    answers: [[`${OK}\r\n`, { repeat: "x".repeat(0x4000) }]],
    fails: tooLarge,
    requests: 1,
  },
  {
    what: "has a body that is longer than the limit",
    answers: [[`${OK}content-length: 2000000\r\n\r\n`, { repeat: " ".repeat(100_000), times: 20 }]],
    fails: tooLarge,
    requests: 1,
    isLibraryOnly: true,
  },
  {
    what: "closes within JSON",
    answers: [[`${OK}\r\n{"a":`, END]],
    fails: invalid(/the text ends at line 1/),
    requests: 1,
  },
  {
    what: "answers with a page",
    answers: [[`HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<h1>Login</h1>`, END]],
    fails: invalid(/unexpected "<"/),
    requests: 1,
  },
  {
    what: "answers with bytes",
    answers: [[`${OK}\r\n`, Buffer.from([0x80, 0x81]), END]],
    fails: invalid(/it is not UTF-8/),
    requests: 1,
  },
  {
    what: "nests without measure",
    answers: [[json(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)]],
    fails: invalid(/it nests more than 1000 levels/),
    requests: 1,
  },
];

/** Ten gigabytes of zeros in ten megabytes: one member again and again. */
const BOMB = { repeat: gzipSync(Buffer.alloc(64 * 1024 * 1024)), times: 160 };

const codings: readonly FaultRow[] = [
  {
    what: "calls gzip what is none",
    answers: [coded("gzip", Buffer.from("{}"))],
    fails: invalid(/content coding gzip/),
    requests: 1,
  },
  {
    what: "calls br what is none",
    answers: [coded("br", Buffer.from("{}"))],
    fails: invalid(/content coding br/),
    requests: 1,
  },
  {
    what: "calls zstd what is none",
    answers: [coded("zstd", Buffer.from("{}{}{}"))],
    fails: invalid(/content coding zstd/),
    requests: 1,
  },
  {
    what: "ends within gzip",
    answers: [coded("gzip", gzipSync("{}").subarray(0, -3))],
    fails: invalid(/gzip ends too early/),
    requests: 1,
  },
  {
    what: "ends within br",
    answers: [coded("br", brotliCompressSync('{"a":1}').subarray(0, -2))],
    fails: invalid(/br ends too early/),
    requests: 1,
  },
  {
    what: "closes within gzip before the length is reached",
    answers: [[`${OK}content-encoding: gzip\r\ncontent-length: 99\r\n\r\n`, gzipSync("{}"), END]],
    fails: closed,
    requests: 1,
  },
  {
    what: "stalls within gzip",
    answers: [[`${OK}content-encoding: gzip\r\ncontent-length: 99\r\n\r\n`, gzipSync("{}").subarray(0, 5)]],
    fails: timeout,
    requests: 1,
  },
  {
    what: "sends a bomb of ten gigabytes",
    answers: [[`${OK}content-encoding: gzip\r\n\r\n`, BOMB, END]],
    fails: tooLarge,
    requests: 1,
  },
  {
    what: "sends a bomb within a bomb",
    answers: [coded("gzip, gzip", gzipSync(gzipSync(Buffer.alloc(80_000_000))))],
    fails: tooLarge,
    requests: 1,
  },
  {
    what: "packs six times",
    answers: [coded(Array(6).fill("gzip").join(", "), gzipSync("{}"))],
    fails: invalid(/more than 5 content codings/),
    requests: 1,
  },
  { what: "calls a charset a coding", answers: [coded("utf-8", Buffer.from("{}"))], gives: {}, requests: 1 },
  { what: "calls nothing gzip", answers: [coded("gzip", Buffer.alloc(0))], gives: null, requests: 1 },
];

const redirects: readonly FaultRow[] = [
  {
    what: "redirects for ever",
    answers: [[redirect("/again")]],
    fails: refused(/at most 5 redirects are followed/),
    requests: 6,
  },
  {
    what: "redirects to another origin",
    answers: [[redirect("http://<other>/")]],
    other: [json('{"other":true}')],
    gives: { other: true },
    requests: 1,
    elsewhere: 1,
  },
  {
    what: "redirects to another origin that wants credentials",
    answers: [[redirect("http://<other>/")]],
    other: ['HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Basic realm="x"\r\ncontent-length: 0\r\n\r\n'],
    fails: status(/HTTP 401/),
    requests: 1,
    elsewhere: 1,
  },
  {
    what: "redirects to another origin that redirects back",
    answers: [[redirect("http://<other>/")], [json('{"back":true}')]],
    other: [redirect("http://<other>/back")],
    gives: { back: true },
    requests: 2,
    elsewhere: 1,
  },
  {
    what: "redirects to another host",
    answers: [[redirect("http://localhost:1/")]],
    fails: { code: "EGRESS_REFUSED", exit: 6, says: /localhost/ },
    requests: 1,
  },
  ...["file:///etc/passwd", "javascript:alert(1)", "data:application/json,{}"].map(location => ({
    what: `redirects to ${location}`,
    answers: [[redirect(location)]],
    fails: refused(/only http and https URLs are followed/),
    requests: 1,
  })),
  {
    what: "redirects from https to http",
    ...TRUSTED,
    answers: [[redirect("http://localhost:1/")]],
    fails: refused(/it leads from https to plain http/),
    requests: 1,
  },
  {
    what: "redirects to a URL with a password",
    answers: [[redirect("http://me:pw@<other>/")]],
    fails: refused(/password/),
    requests: 1,
    elsewhere: 0,
  },
  {
    what: "redirects to what is no URL",
    answers: [[redirect("http://[")]],
    fails: refused(/it is not a URL/),
    requests: 1,
  },
  {
    what: "redirects to a URL without end",
    answers: [[redirect(`/${"x".repeat(9_000)}`)]],
    fails: refused(/at most 8192 bytes/),
    requests: 1,
  },
  {
    what: "redirects to where nobody listens",
    answers: [[redirect("http://127.0.0.1:1/")]],
    fails: network(/refused/),
    requests: 1,
  },
  { what: "redirects, and says nothing then", answers: [[redirect("/b")], []], fails: timeout, requests: 2 },
  {
    what: "redirects slowly, again and again",
    answers: [[{ waitMs: 600 }, redirect("/again")]],
    fails: timeout,
    requests: [2, 3],
  },
  {
    what: "redirects a POST to another origin",
    method: "POST",
    answers: [[redirect("http://<other>/", 307)]],
    fails: refused(/a POST is sent to no other origin/),
    requests: 1,
    elsewhere: 0,
  },
  {
    what: "redirects a POST within its origin",
    method: "POST",
    answers: [[redirect("/b", 308)], [json("{}")]],
    gives: {},
    requests: 2,
  },
  {
    what: "redirects a POST to a page",
    method: "POST",
    answers: [[`HTTP/1.1 302 Found\r\nlocation: /login\r\ncontent-length: 4\r\n\r\nhere`]],
    fails: status(/HTTP 302 Found: redirected to \S+\/login, which is not followed: a POST follows 307 and 308 alone/),
    requests: 1,
  },
  ...[301, 302, 303].map(code => ({
    what: `redirects a POST with ${code}, an empty body and a secret in the location`,
    method: "POST",
    answers: [[redirect("/done?token=5ecret", code)]],
    fails: status(new RegExp(`HTTP ${code}.*: redirected to \\S+/done\\?…, which is not followed`)),
    requests: 1,
  })),
  {
    what: "redirects a POST with a body that decodes",
    method: "POST",
    answers: [[`HTTP/1.1 303 See Other\r\nlocation: /done\r\ncontent-length: 2\r\n\r\n{}`]],
    fails: status(/HTTP 303 See Other: redirected to/),
    requests: 1,
  },
  ...[301, 307].map(code => ({
    what: `answers ${code} without a location`,
    answers: [[`HTTP/1.1 ${code} Moved\r\ncontent-length: 0\r\n\r\n`]],
    fails: status(new RegExp(`HTTP ${code} Moved: it gives no location to go to`)),
    requests: 1,
  })),
  {
    what: "offers several choices",
    answers: [[redirect("/b", 300)]],
    fails: status(/redirected to \S+\/b, which is not followed: it is one of several choices/),
    requests: 1,
  },
  {
    what: "says that nothing has changed, though nobody asked",
    answers: [["HTTP/1.1 304 Not Modified\r\n\r\n"]],
    fails: status(/HTTP 304 Not Modified: nothing has changed, though the request sets no condition/),
    requests: 1,
  },
  ...[305, 306, 309].map(code => ({
    what: `answers ${code}`,
    answers: [[redirect("/b", code)]],
    fails: status(/which is not followed: nothing is known of this status/),
    requests: 1,
  })),
];

const LONG_PAST = "Thu, 01 Jan 2015 00:00:00 GMT";

const statuses: readonly FaultRow[] = [
  ...[
    "retry-after: 0\r\n",
    `retry-after: ${LONG_PAST}\r\n`,
    "retry-after: soon\r\n",
    "retry-after: -1\r\n",
    "retry-after: \r\n",
    "",
  ].map(field => ({
    what: `wants less, with ${JSON.stringify(field)}`,
    answers: [[`HTTP/1.1 429 Too Many Requests\r\n${field}content-length: 0\r\n\r\n`]],
    retries: 2,
    fails: status(/HTTP 429 Too Many Requests/),
    requests: 3,
  })),
  {
    what: "wants less, and then answers",
    answers: [["HTTP/1.1 429 Too Many Requests\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n"], [json('{"a":1}')]],
    retries: 2,
    gives: { a: 1 },
    requests: 2,
  },
  {
    what: "is away, and comes back",
    answers: [[json("{}", "503 Service Unavailable")], [RESET], [json('{"a":1}')]],
    retries: 2,
    gives: { a: 1 },
    requests: 3,
  },
  {
    what: "fails for a reason that does not pass",
    answers: [[json("{}", "500 Internal Server Error")], [json('{"a":1}')]],
    retries: 2,
    fails: status(/HTTP 500/),
    requests: 1,
  },
  {
    what: "is away for a POST",
    method: "POST",
    answers: [[json("{}", "503 Service Unavailable")], [json('{"a":1}')]],
    retries: 2,
    fails: status(/HTTP 503/),
    requests: 1,
  },
];

const tls: readonly FaultRow[] = [
  {
    what: "has a certificate of its own",
    tls: createSelfSignedCertificate(),
    baseUri: "https://localhost:<port>",
    fails: network(/the server's certificate is self-signed/),
    requests: 0,
  },
  {
    what: "has a certificate of a stranger",
    tls: createCertificateAuthority().issue("localhost"),
    baseUri: "https://localhost:<port>",
    fails: network(/certificate/),
    requests: 0,
  },
  {
    what: "has a certificate that has expired",
    ...TRUSTED,
    tls: authority.issue("localhost", { from: -9, to: -2 }),
    fails: network(/the server's certificate has expired/),
    requests: 0,
  },
  {
    what: "has a certificate for another host",
    ...TRUSTED,
    tls: authority.issue("elsewhere.test"),
    fails: network(/the server's certificate is for another host/),
    requests: 0,
  },
  { what: "answers over TLS", ...TRUSTED, answers: [[json('{"a":1}')]], gives: { a: 1 }, requests: 1 },
  {
    what: "speaks no TLS",
    baseUri: "https://127.0.0.1:<port>",
    onConnection: ["HTTP/1.1 400 Bad Request\r\n\r\n", END],
    fails: network(/the TLS handshake failed|ECONNRESET|EPIPE/),
    requests: 0,
  },
  {
    what: "says nothing in the handshake of TLS",
    baseUri: "https://127.0.0.1:<port>",
    fails: timeout,
    requests: 0,
  },
  {
    what: "closes in the handshake of TLS",
    baseUri: "https://127.0.0.1:<port>",
    onConnection: [{ waitMs: 20 }, END],
    fails: network(/Cannot reach 127\.0\.0\.1/),
    requests: 0,
  },
];

const addresses: readonly FaultRow[] = [
  {
    what: "has an address of IPv6 alone",
    address: "::1",
    baseUri: "http://[::1]:<port>",
    answers: [[json('{"a":1}')]],
    gives: { a: 1 },
    requests: 1,
  },
  // Names whose addresses change between look-ups: see the tests of the egress policy.
];

export const faultRows: readonly FaultRow[] = [
  ...connections,
  ...headers,
  ...bodies,
  ...codings,
  ...redirects,
  ...statuses,
  ...tls,
  ...addresses,
];
