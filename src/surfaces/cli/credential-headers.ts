import { isCredentialHeader, withoutScheme } from "../../base/mask-header.ts";
import type { SecretMask } from "../../base/mask-secrets.ts";
import { isExposed } from "../../base/plain-http.ts";
import type { Transport } from "../../net/transport.ts";

/**
 * Returns a transport that remembers the credentials it sends, with those of the caller: an API may repeat them.
 *
 * @param onExposed called for each that others can read on the way
 */
export function rememberCredentials(
  transport: Transport,
  secrets: SecretMask,
  onExposed: (header: string, host: string) => void,
): Transport {
  const remembering: Transport = (request, exchange) => {
    for (const [name, value] of Object.entries(request.headers)) {
      if (!isCredentialHeader(name)) continue;
      if (isExposed(request.url)) onExposed(name, new URL(request.url).host);
      if (name === "cookie") for (const pair of value.split("; ")) secrets.add(pair.replace(/^[^=]*=/, ""));
      else secrets.add(withoutScheme(value));
    }
    return transport(request, exchange);
  };
  return Object.assign(remembering, { keepsBounds: transport.keepsBounds === true });
}
