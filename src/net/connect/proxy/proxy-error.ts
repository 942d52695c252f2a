import { CapabilityError, changeError } from "../../../base/capability-error.ts";
import { networkError } from "../../transport-error.ts";
import type { ProxyServer } from "./proxies.ts";

const REASON = "PROXY_REFUSED";

/** Creates the error of a proxy that does not forward a request. */
export function proxyRefused(
  { host, variable, authorization, protocol }: ProxyServer,
  url: string,
  status: number,
  statusText: string,
): CapabilityError {
  const advice =
    status !== 407
      ? ""
      : authorization === undefined
        ? `; it wants a user name and a password: ${variable}=${protocol}//USER:PASSWORD@${host}`
        : `; it does not take the user name and the password in ${variable}`;
  return new CapabilityError("NETWORK", {
    message: `Cannot reach ${new URL(url).host}: the proxy ${host} (${variable}) refused: HTTP ${status} ${statusText}${advice}`,
    details: { reason: REASON, url },
  });
}

/** Creates the error of a proxy that cannot be reached, or breaks off. */
export function proxyUnreachable(
  error: unknown,
  { host, protocol, variable }: ProxyServer,
  url: string,
): CapabilityError {
  const found = networkError(error, `${protocol}//${host}/`) as CapabilityError<"NETWORK">;
  const why = found.message.slice(found.message.indexOf(": ") + 2);
  return changeError(found, {
    message: `Cannot reach ${new URL(url).host}: the proxy ${host} (${variable}): ${why}`,
    details: { reason: found.details.reason, url },
    cause: error,
  });
}
