import { shellWords } from "./shell-words.ts";

/** A part of a form. */
interface CallPart {
  readonly name: string;
  readonly value: string;
  /** Whether the value is the name of a file that is sent. */
  readonly isFile: boolean;
}

/** A call that worked, as somebody wrote or recorded it. */
export interface SeenCall {
  readonly method: string;
  readonly url: string;
  /** As written; the last of a name counts. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly credentials:
    | { readonly username: string; readonly password: string; readonly isDigest: boolean }
    | undefined;
  /** A text; the parts of a form; or a file whose content is not known. */
  readonly body:
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "parts"; readonly parts: readonly CallPart[] }
    | { readonly kind: "file" }
    | undefined;
  /** The decoded answer, if it is known and JSON. */
  readonly answer?: unknown;
}

interface CurlCall {
  readonly call: SeenCall;
  /** What does not become a part of the operation. */
  readonly notes: readonly string[];
}

/** What is read of a command line so far. */
interface Reading {
  method: string | undefined;
  urls: string[];
  headers: [string, string][];
  /** Texts of a body, joined with `&`. */
  data: string[];
  parts: CallPart[];
  query: string[];
  user: string | undefined;
  isDigest: boolean;
  isGet: boolean;
  isHead: boolean;
  isJson: boolean;
  hasFile: boolean;
  hasCookieFile: boolean;
  isUpload: boolean;
}

type ReadOption = (reading: Reading, value: string) => void;

const header =
  (name: string): ReadOption =>
  (reading, value) =>
    reading.headers.push([name, value]);

const data: ReadOption = (reading, value) => {
  if (value.startsWith("@")) reading.hasFile = true;
  else reading.data.push(value.replace(/[\r\n]/g, ""));
};

/** Options with a value that say something about the request. */
const VALUED: Readonly<Record<string, ReadOption>> = {
  request: (reading, value) => {
    reading.method = value;
  },
  url: (reading, value) => reading.urls.push(value),
  header: (reading, value) => {
    const colon = value.indexOf(":");
    // `Name;` is a header without a value, and `Name:` takes one away that curl would send.
    if (colon > 0 && value.slice(colon + 1).trim() !== "")
      reading.headers.push([value.slice(0, colon).trim(), value.slice(colon + 1).trim()]);
  },
  data,
  "data-ascii": data,
  "data-raw": (reading, value) => reading.data.push(value),
  "data-binary": (reading, value) => {
    if (value.startsWith("@")) reading.hasFile = true;
    else reading.data.push(value);
  },
  "data-urlencode": (reading, value) => {
    const [, name = "", sign, content = ""] = /^([^=@]*)([=@])?([\s\S]*)$/.exec(value) ?? [];
    if (sign === "@") reading.hasFile = true;
    else if (sign === undefined) reading.data.push(encodeURIComponent(name));
    else reading.data.push(`${name === "" ? "" : `${name}=`}${encodeURIComponent(content)}`);
  },
  json: (reading, value) => {
    reading.isJson = true;
    if (value.startsWith("@")) reading.hasFile = true;
    else reading.data.push(value);
  },
  "url-query": (reading, value) => reading.query.push(value),
  form: (reading, value) => {
    const [, name = "", content = ""] = /^([^=]*)=([\s\S]*)$/.exec(value) ?? [];
    const isFile = /^[@<]/.test(content);
    const [file = ""] = content.slice(1).split(";", 1);
    reading.parts.push({ name, value: isFile ? file : content.replace(/;type=[^;]*$/, ""), isFile });
  },
  "form-string": (reading, value) => {
    const [, name = "", content = ""] = /^([^=]*)=([\s\S]*)$/.exec(value) ?? [];
    reading.parts.push({ name, value: content, isFile: false });
  },
  user: (reading, value) => {
    reading.user = value;
  },
  "oauth2-bearer": (reading, value) => reading.headers.push(["authorization", `Bearer ${value}`]),
  cookie: (reading, value) => {
    // A value without an equals sign is the name of a file.
    if (value.includes("=")) reading.headers.push(["cookie", value]);
    else reading.hasCookieFile = true;
  },
  "user-agent": header("user-agent"),
  referer: header("referer"),
  "upload-file": reading => {
    reading.isUpload = true;
    reading.hasFile = true;
  },
};

/** Options without a value that say something about the request. */
const FLAGS: Readonly<Record<string, (reading: Reading) => void>> = {
  get: reading => {
    reading.isGet = true;
  },
  head: reading => {
    reading.isHead = true;
  },
  digest: reading => {
    reading.isDigest = true;
  },
};

/** Options that are about this transfer, or about what curl prints. */
const IGNORED_FLAGS = new Set(
  (
    "silent show-error verbose include fail fail-with-body globoff no-buffer progress-bar compressed basic http1.0 http1.1 " +
    "http2 http3 ipv4 ipv6 remote-name remote-header-name create-dirs no-keepalive tcp-nodelay path-as-is location location-trusted " +
    "anyauth tlsv1 tlsv1.2 tlsv1.3 ssl-reqd raw styled-output no-progress-meter parallel remote-time disable netrc " +
    "netrc-optional no-sessionid no-alpn no-npn tr-encoding false-start tcp-fastopen http2-prior-knowledge proxytunnel"
  ).split(" "),
);
const IGNORED_VALUES = new Set(
  (
    "abstract-unix-socket alt-svc capath cert-type ciphers config connect-timeout connect-to continue-at cookie-jar " +
    "create-file-mode crlfile curves delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-header " +
    "ech egd-file engine etag-compare etag-save expect100-timeout ftp-account ftp-alternative-to-user ftp-method ftp-port " +
    "ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip hostpubmd5 hostpubsha256 hsts interface ip-tos " +
    "ipfs-gateway keepalive-cnt keepalive-time key-type knownhosts krb libcurl limit-rate local-port login-options " +
    "mail-auth mail-from mail-rcpt max-filesize max-redirs max-time netrc-file noproxy output output-dir parallel-max " +
    "parallel-max-host pass pinnedpubkey proto proto-default proto-redir pubkey quote random-file range rate retry " +
    "retry-delay retry-max-time sasl-authzid service-name sigalgs speed-limit speed-time stderr telnet-option " +
    "tftp-blksize time-cond tls-max tls13-ciphers tlsauthtype tlspassword tlsuser trace trace-ascii trace-config " +
    "unix-socket upload-flags variable vlan-priority write-out"
  ).split(" "),
);

/** Options that naftiko has in another place, with that place. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  insecure: "certificates are always checked; --ca-cert of run trusts another authority",
  cacert: "--ca-cert of run trusts another authority",
  cert: "authentication of type mtls sends a certificate",
  key: "authentication of type mtls sends a certificate",
  proxy: "the variables HTTPS_PROXY and NO_PROXY name proxies",
  resolve: "--base-uri of run names another address",
  "aws-sigv4": "authentication of type aws-sigv4 signs requests",
};
const PROXY_VALUES =
  "cacert capath cert cert-type ciphers crlfile header key key-type pass pinnedpubkey service-name tls13-ciphers " +
  "tlsauthtype tlspassword tlsuser user";
for (const name of [
  ...PROXY_VALUES.split(" ").map(word => `proxy-${word}`),
  ..."preproxy proxy1.0 socks4 socks4a socks5 socks5-hostname socks5-gssapi-service".split(" "),
])
  IGNORED_VALUES.add(name);
const ELSEWHERE_VALUES = new Set(["cacert", "cert", "key", "proxy", "resolve", "aws-sigv4"]);

const SHORT: Readonly<Record<string, string>> = {
  X: "request",
  H: "header",
  d: "data",
  F: "form",
  u: "user",
  b: "cookie",
  A: "user-agent",
  e: "referer",
  T: "upload-file",
  G: "get",
  I: "head",
  s: "silent",
  S: "show-error",
  v: "verbose",
  i: "include",
  f: "fail",
  g: "globoff",
  L: "location",
  N: "no-buffer",
  O: "remote-name",
  J: "remote-header-name",
  "#": "progress-bar",
  "0": "http1.0",
  "4": "ipv4",
  "6": "ipv6",
  k: "insecure",
  o: "output",
  m: "max-time",
  w: "write-out",
  c: "cookie-jar",
  D: "dump-header",
  r: "range",
  x: "proxy",
  E: "cert",
  C: "continue-at",
  K: "config",
  P: "ftp-port",
  Q: "quote",
  R: "remote-time",
  U: "proxy-user",
  Y: "speed-limit",
  Z: "parallel",
  n: "netrc",
  q: "disable",
  t: "telnet-option",
  y: "speed-time",
  z: "time-cond",
  ":": "next",
};

/**
 * Reads a curl command.
 *
 * @throws Error with the reason if it is none, or names no URL
 */
export function readCurl(command: string): CurlCall {
  const all = shellWords(command.trim().replace(/^\$\s+/, ""));
  // Variables may be set before the program.
  const [program, ...words] = all.slice(
    Math.max(
      0,
      all.findIndex(word => !/^[A-Za-z_]\w*=/.test(word)),
    ),
  );
  if (!/(?:^|[\\/])curl(?:\.exe)?$/.test(program ?? "")) throw new Error("it does not begin with curl");
  const reading: Reading = {
    method: undefined,
    urls: [],
    headers: [],
    data: [],
    parts: [],
    query: [],
    user: undefined,
    isDigest: false,
    isGet: false,
    isHead: false,
    isJson: false,
    hasFile: false,
    hasCookieFile: false,
    isUpload: false,
  };
  const notes = readWords(words, reading);
  // A word that belongs to an unknown option is no URL.
  const url = reading.urls.find(word => /^https?:\/\//i.test(word)) ?? reading.urls[0];
  if (url === undefined) throw new Error("it names no URL");
  if (reading.urls.length > 1) notes.push(`one of ${reading.urls.length} URLs is imported`);
  if (reading.hasCookieFile) notes.push("cookies of a file are left out");
  return { call: callOf(url, reading), notes };
}

function readWords(words: readonly string[], reading: Reading): string[] {
  const notes: string[] = [];
  const queue = [...words];
  const apply = (name: string, written: string, attached: string | undefined) => {
    const takes = Object.hasOwn(VALUED, name) || IGNORED_VALUES.has(name) || ELSEWHERE_VALUES.has(name);
    const value = takes ? (attached ?? queue.shift()) : undefined;
    if (takes && value === undefined) throw new Error(`its option ${written} has no value`);
    if (Object.hasOwn(VALUED, name)) VALUED[name]?.(reading, value ?? "");
    else if (Object.hasOwn(FLAGS, name)) FLAGS[name]?.(reading);
    else if (Object.hasOwn(ELSEWHERE, name)) notes.push(`${written} is left out: ${ELSEWHERE[name]}`);
    else if (!IGNORED_VALUES.has(name) && !IGNORED_FLAGS.has(name)) notes.push(`${written} is not known, and left out`);
    return takes;
  };
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === "--next" || word === "-:") {
      notes.push(`what follows ${word} is another call, and left out`);
      break;
    }
    if (word.startsWith("--") && word.length > 2) {
      const [, name = "", attached] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
      apply(name, `--${name}`, attached);
    } else if (/^-[^-]/.test(word)) {
      for (let at = 1; at < word.length; at++) {
        const letter = word[at] ?? "";
        const attached = word.slice(at + 1);
        if (apply(SHORT[letter] ?? letter, `-${letter}`, attached === "" ? undefined : attached)) break;
      }
    } else if (word !== "--") reading.urls.push(word);
  }
  return notes;
}

function callOf(written: string, reading: Reading): SeenCall {
  const { data: texts, parts, hasFile, isGet, isHead, isJson, isUpload, headers } = reading;
  const joined = isJson ? texts.join("") : texts.join("&");
  const sentInQuery = [...reading.query, ...(isGet && joined !== "" ? [joined] : [])];
  const [address = ""] = written.split("#", 1);
  const query = sentInQuery.join("&");
  const withQuery = query === "" ? address : `${address}${address.includes("?") ? "&" : "?"}${query}`;
  // Curl guesses http for a URL without a scheme.
  const url = /^[a-z][a-z\d+.-]*:\/\//i.test(withQuery) ? withQuery : `http://${withQuery}`;
  const hasBody = !isGet && (texts.length > 0 || parts.length > 0 || hasFile);
  const usual = isHead ? "HEAD" : isUpload ? "PUT" : hasBody ? "POST" : "GET";
  const has = (name: string) => headers.some(([key]) => key.toLowerCase() === name);
  const added: [string, string][] = [];
  if (isJson && !has("content-type")) added.push(["content-type", "application/json"]);
  if ((texts.length > 0 || (hasFile && !isUpload)) && hasBody && !isJson && !has("content-type"))
    added.push(["content-type", "application/x-www-form-urlencoded"]);
  const [, username = "", password = ""] = /^([^:]*):?([\s\S]*)$/.exec(reading.user ?? "") ?? [];
  return {
    method: (reading.method ?? usual).toUpperCase(),
    url,
    headers: [...headers, ...added],
    credentials: reading.user === undefined ? undefined : { username, password, isDigest: reading.isDigest },
    body: !hasBody
      ? undefined
      : parts.length > 0
        ? { kind: "parts", parts }
        : hasFile
          ? { kind: "file" }
          : joined === ""
            ? undefined
            : { kind: "text", text: joined },
  };
}
