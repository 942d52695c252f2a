import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Where the browser comes back to (RFC 8252, 7.3). */
interface LoginCallback {
  readonly redirectUri: string;
  /** What the browser brings, once; rejects when the signal says so. */
  readonly received: Promise<URLSearchParams>;
  close(): void;
}

const PATH = "/callback";

/**
 * Listens on the loopback for the one request that ends a login. Whatever else asks, a page that guesses the port for
 * one, is turned away: only who was sent by this login knows its `state`.
 *
 * @param port `0` for any that is free
 */
export async function listenForCallback(
  state: string,
  port: number,
  signal: AbortSignal,
): Promise<LoginCallback> {
  let receive: (parameters: URLSearchParams) => void = () => {};
  let fail: (reason: unknown) => void = () => {};
  const received = new Promise<URLSearchParams>((resolve, reject) => {
    receive = resolve;
    fail = reject;
  });
  // Whoever waits hears of it; until then it is nobody's fault.
  received.catch(() => {});

  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    if (request.method !== "GET" || pathname !== PATH) return answer(response, 404, "Not found");
    if (searchParams.get("state") !== state) return answer(response, 400, "This is not the login that waits");
    const refused = searchParams.has("error");
    answer(response, 200, refused ? "The login failed" : "You are logged in");
    receive(searchParams);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const onAbort = () => fail(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  return {
    redirectUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`,
    received,
    close() {
      signal.removeEventListener("abort", onAbort);
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    // The address holds the code.
    "referrer-policy": "no-referrer",
    connection: "close",
  });
  response.end(`${text}. You can close this page and go back to the terminal.\n`);
}
