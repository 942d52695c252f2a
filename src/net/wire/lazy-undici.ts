import { requireOptions } from "../../base/option-kinds.ts";
import type { Transport } from "../transport.ts";

/**
 * Makes the transport that sends requests unless an option names another. Several capabilities may share it. Its maker
 * closes it.
 * undici is loaded with the first request: a program that only prepares or describes never needs it.
 *
 * @param options there are none: limits and rules are options of opening a capability
 * @throws TypeError for an option
 */
export function createUndiciTransport(options: Readonly<Record<string, never>> = {}): Transport {
  requireOptions(options, {});
  let loading: Promise<Transport> | undefined;
  let loaded: Transport | undefined;
  const load = async () => {
    const { openUndici } = await import("./undici.ts");
    loaded = openUndici();
    return loaded;
  };
  const transport: Transport = (request, exchange) => {
    if (loaded !== undefined) return loaded(request, exchange);
    loading ??= load();
    return loading.then(undici => undici(request, exchange));
  };
  transport.close = async isForced => (await loading)?.close?.(isForced);
  return Object.assign(transport, { keepsBounds: true });
}
