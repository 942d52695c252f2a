import { createHash, createHmac } from "node:crypto";
import { percentDecode } from "../../base/percent-decoding.ts";
import { splitUrl } from "../../net/split-url.ts";
import type { WholeRequest } from "../../net/whole-request.ts";

/** Credentials of AWS, and the scope that a signature holds for. */
interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  readonly region: string;
  readonly service: string;
}

/** Services that take paths as they are, decoded once, and want the hash of the body in a header. */
const S3_SERVICES = new Set(["s3", "s3-object-lambda", "s3-outposts", "s3express"]);

/** Headers that proxies and clients change or add on the way. The transport writes the host and the length itself. */
const UNSIGNED =
  /^(?:authorization|cache-control|connection|content-length|expect|from|host|keep-alive|max-forwards|pragma|referer|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id|proxy-.*|sec-.*)$/;

const HASH_HEADER = "x-amz-content-sha256";

/**
 * Signs a request, and returns it as it has to be sent: with the headers of the signature, and with an address in which
 * each character that AWS encodes is encoded. A server that checks the address as it arrives and one that decodes it
 * first find the same signature.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signRequest(request: WholeRequest, keys: SigningKeys, now: Date): WholeRequest {
  const isS3 = S3_SERVICES.has(keys.service);
  const { origin, path: target } = splitUrl(request.url);
  const [writtenPath = "", writtenQuery] = target.split(/\?(.*)/s);
  const path = isS3 ? writtenPath.split("/").map(reencoded).join("/") : encodeMarks(writtenPath);
  const query = writtenQuery === undefined ? undefined : encodeMarks(writtenQuery);

  const date = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const { authorization: _, ...given } = request.headers;
  const headers: Record<string, string> = { ...given, "x-amz-date": date };
  if (keys.sessionToken !== undefined) headers["x-amz-security-token"] = keys.sessionToken;
  const bodyHash = headers[HASH_HEADER] ?? sha256(request.body ?? "");
  if (isS3) headers[HASH_HEADER] = bodyHash;

  const signed = signedHeaders({ ...headers, host: new URL(request.url).host });
  const names = signed.map(([name]) => name).join(";");
  const canonical = [
    request.method,
    isS3 ? path.replaceAll("%2F", "/") : encodedPath(path),
    canonicalQuery(query ?? ""),
    ...signed.map(([name, value]) => `${name}:${value}`),
    "",
    names,
    bodyHash,
  ].join("\n");
  const scope = [date.slice(0, 8), keys.region, keys.service, "aws4_request"];
  const signature = hmac(
    scope.reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${keys.secretAccessKey}`),
    ["AWS4-HMAC-SHA256", date, scope.join("/"), sha256(canonical)].join("\n"),
  ).toString("hex");
  const credential = `${keys.accessKeyId}/${scope.join("/")}`;
  headers["authorization"] =
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...request, url: `${origin}${path}${query === undefined ? "" : `?${query}`}`, headers };
}

function signedHeaders(headers: Readonly<Record<string, string>>): [name: string, value: string][] {
  const signed = Object.entries(headers)
    .filter(([name]) => name === "host" || !UNSIGNED.test(name))
    .map(([name, value]): [string, string] => [name, value.trim().replace(/\s+/g, " ")]);
  return signed.sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * Returns a path as services other than S3 take it: without dot segments and empty ones (RFC 3986, 5.2.4), and what is
 * percent-encoded already once more.
 */
function encodedPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const end = segments.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${segments.map(encode).join("/")}${end}`;
}

/** Returns a query sorted by name, then value, each of which is encoded in one way. */
function canonicalQuery(query: string): string {
  const pairs = query
    .split("&")
    .filter(pair => pair !== "")
    .map(pair => {
      const [name = "", value = ""] = pair.split(/=(.*)/s);
      return [reencoded(name), reencoded(value)] as const;
    });
  pairs.sort(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : a === b && x === y ? 0 : 1));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

function reencoded(text: string): string {
  return encode(percentDecode(text));
}

/** Percent-encodes all but the unreserved characters of RFC 3986. */
function encode(text: string): string {
  return encodeMarks(encodeURIComponent(text.toWellFormed()));
}

/** Percent-encodes the marks that `encodeURIComponent` leaves, and AWS does not. */
function encodeMarks(text: string): string {
  return text.replace(/[!'()*]/g, mark => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}
