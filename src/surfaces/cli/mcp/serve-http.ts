import { bearerGuard } from "../../../serving/inbound/bearer.ts";
import { callerByKey } from "../../../serving/inbound/caller-by-key.ts";
import { type Handle, LISTENER_LIMITS, type Listener, startListener } from "../../../serving/listener.ts";
import { createMcpEndpoint } from "../../mcp/http/endpoint.ts";
import type { McpOffer } from "../../mcp/offer.ts";
import type { CommandContext } from "../command-context.ts";
import type { Tellers } from "../serve/tellers.ts";
import { isLocal } from "../serve/warn-of-open.ts";
import { untilAborted } from "../until-aborted.ts";
import { usageError } from "../usage-error.ts";

/** Where and to whom tools are served. */
interface HttpArguments {
  readonly host: string;
  readonly port: number;
  /** Token that clients present. `undefined`: everybody who reaches the address may call. */
  readonly token: string | undefined;
  readonly origins: readonly string[];
}

/** How long requests under way may go on when the server stops, in milliseconds. */
const STOP_MS = 5_000;

/**
 * Serves clients over HTTP until the command is interrupted.
 *
 * @throws CapabilityError `USAGE` for an address that cannot be listened at
 */
export async function serveHttp(
  offer: McpOffer,
  { host, port, token, origins }: HttpArguments,
  { signal }: CommandContext,
  { log, tell }: Tellers,
): Promise<void> {
  const { error, warn } = log.logger("mcp");
  const endpoint = createMcpEndpoint(() => offer, {
    address: { host, origins, resource: undefined },
    report: found => error(String(found)),
  });
  const guard = token === undefined ? undefined : bearerGuard(callerByKey("bearer", token, undefined));
  const handle: Handle = async (request, reply, target) => {
    endpoint.check(request.raw.headers);
    const caller = await guard?.admit(request.raw);
    return endpoint.handle(request, reply, target, { caller: caller?.id, found: () => undefined });
  };
  try {
    const listener = await listen({ host, port, origins }, handle);
    try {
      tell(`mcp listens on ${listener.url}/mcp`);
      if (token === undefined && !isLocal(host))
        warn(`warning: mcp has no authentication: everybody who reaches ${host} can call it; --token-env sets a token`);
      await untilAborted(signal);
    } finally {
      endpoint.stop();
      await listener.stop(STOP_MS);
    }
  } finally {
    await endpoint.close();
  }
}

async function listen(
  { host, port, origins }: Pick<HttpArguments, "host" | "port" | "origins">,
  handle: Handle,
): Promise<Listener> {
  try {
    return await startListener({ host, port, tls: undefined, limits: LISTENER_LIMITS, origins }, handle);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw usageError(`Cannot listen on ${host}:${port}: ${code}`);
  }
}
