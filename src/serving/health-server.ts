import { LISTENER_LIMITS, type Listener, startListener } from "./listener.ts";
import { Refusal } from "./refusal.ts";
import { sendText } from "./send-answer.ts";

interface HealthSettings {
  readonly host: string;
  /** `0` takes any free port. */
  readonly port: number;
  /** Whether the process takes work. It takes none while it stops. */
  readonly isReady: () => boolean;
}

/**
 * Starts a server that tells how a process is, for those who run it, such as Kubernetes: `/health/live` is 200 as long as
 * the process answers, `/health/ready` 503 where it takes no work. Both are as those of a control adapter.
 *
 * @throws the error of `node:net` if it cannot listen
 */
export function startHealthServer({ host, port, isReady }: HealthSettings): Promise<Listener> {
  return startListener(
    { host, port, tls: undefined, limits: LISTENER_LIMITS, origins: [] },
    (request, reply, target) => {
      const [path] = target.split("?", 1);
      if (path !== "/health/live" && path !== "/health/ready") throw new Refusal(404, "There is no such path");
      if (request.method !== "GET" && request.method !== "HEAD")
        throw new Refusal(405, "The path takes GET, HEAD", { allow: "GET, HEAD" });
      const isUp = path === "/health/live" || isReady();
      reply.raw.setHeader("cache-control", "no-store");
      sendText(
        request,
        reply,
        isUp ? 200 : 503,
        "application/json",
        JSON.stringify({ status: isUp ? "UP" : "DEGRADED" }),
      );
    },
  );
}
