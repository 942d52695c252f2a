import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { percentDecode } from "../../base/percent-decoding.ts";
import { splitUrl } from "../../net/split-url.ts";
import type { HttpResponse } from "../../net/transport.ts";
import { type WholeRequest, wholeRequest } from "../../net/whole-request.ts";
import { authenticationError } from "./authentication-error.ts";
import type { AuthenticatedSend, FieldValues, SessionContext } from "./authentication-kind.ts";

/**
 * Opens a session that signs each request as it is sent.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function awsSigV4Session(values: FieldValues, { now }: SessionContext): AuthenticatedSend {
  const { accessKeyId = "", secretAccessKey = "", sessionToken, region = "", service = "" } = values;
  const isS3 = service === "s3";
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    region,
    service,
    sha256: Sha256,
    // Only S3 takes paths unchanged, and wants the hash of the body in a header.
    uriEscapePath: !isS3,
    applyChecksum: isS3,
  });
  return async (request, exchange, send) => {
    const signed = await signer.sign(signable(await wholeRequest(request)), { signingDate: new Date(now()) });
    // The transport writes the host itself.
    const { host: _, ...headers } = signed.headers;
    const response = await send({ ...request, headers }, exchange);
    checkClock(response, now());
    return response;
  };
}

/** Splits a request into the parts that the signer takes. */
function signable({ method, url, headers, body }: WholeRequest): Parameters<SignatureV4["sign"]>[0] {
  const { protocol, host, hostname } = new URL(url);
  const [path = "", query = ""] = splitUrl(url).path.split(/\?(.*)/s);
  return { method, protocol, hostname, path, query: queryBag(query), headers: { ...headers, host }, body };
}

function queryBag(query: string): Record<string, string | string[]> {
  const bag = new Map<string, string | string[]>();
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const [name = "", value = ""] = pair.split(/=(.*)/s).map(percentDecode);
    const present = bag.get(name);
    bag.set(name, present === undefined ? value : [present, value].flat());
  }
  return Object.fromEntries(bag);
}

/** SHA-256 in the form that the signer takes, or HMAC if there is a secret. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    throw new TypeError("A hash is used once");
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === "string") return Buffer.from(data, "utf8");
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** Allowed difference of the clocks. */
const LARGEST_SKEW_MS = 5 * 60_000;
const SKEW_CODE = /RequestTimeTooSkewed|RequestExpired|Signature expired|Signature not yet current/;
const SIGNATURE_REFUSED = new Set([400, 401, 403]);

/** Explains a refusal by a wrong clock. AWS only says that the signature does not fit or the request has expired. */
function checkClock({ status, headers, body }: HttpResponse, now: number): void {
  if (!SIGNATURE_REFUSED.has(status)) return;
  const skewMs = now - Date.parse(String(headers["date"]));
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  const isSkewed = Math.abs(skewMs) > LARGEST_SKEW_MS;
  if (!isSkewed && !SKEW_CODE.test(Buffer.from(body.subarray(0, 10_000)).toString("latin1"))) return;
  const difference = isSkewed
    ? `${minutes} minutes ${skewMs > 0 ? "ahead of" : "behind"} the API's`
    : "too far from the API's";
  throw authenticationError(
    "aws-sigv4",
    "clock_skew",
    `The signature was refused (HTTP ${status}): this computer's clock is ${difference}, and signatures hold for 5 minutes; set the clock`,
  );
}
