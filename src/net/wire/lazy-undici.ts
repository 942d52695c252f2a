import { markKeeper } from "../layers/limits-keepers.ts";
import type { Transport } from "../transport.ts";

/**
 * What sends requests unless an option says otherwise, to be shared by several capabilities and closed by who made it.
 * undici is loaded with the first request: a program that only prepares or describes never needs it.
 */
export function lazyUndici(): Transport {
  let loading: Promise<Transport> | undefined;
  let loaded: Transport | undefined;
  const transport: Transport = async (request, exchange) => {
    if (loaded === undefined) {
      loading ??= import("./undici.ts").then(({ createUndiciTransport }) => createUndiciTransport());
      loaded = await loading;
    }
    return loaded(request, exchange);
  };
  transport.close = async isForced => (await loading)?.close?.(isForced);
  return markKeeper(transport);
}
