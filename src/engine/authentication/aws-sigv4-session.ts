import type { HttpResponse } from "../../net/transport.ts";
import { wholeRequest } from "../../net/whole-request.ts";
import { authenticationError } from "./authentication-error.ts";
import type { AuthenticatedSend, FieldValues, SessionContext } from "./authentication-kind.ts";
import { signRequest } from "./aws-sigv4-signature.ts";

/** Opens a session that signs each request as it is sent. */
export function awsSigV4Session(values: FieldValues, { now }: SessionContext): AuthenticatedSend {
  const { accessKeyId = "", secretAccessKey = "", sessionToken, region = "", service = "" } = values;
  const keys = { accessKeyId, secretAccessKey, sessionToken, region, service };
  return async (request, exchange, send) => {
    const signed = signRequest(await wholeRequest(request), keys, new Date(now()));
    const response = await send(signed, exchange);
    checkClock(response, now());
    return response;
  };
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
