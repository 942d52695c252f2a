import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The address to which the browser returns (RFC 8252, 7.3). */
interface LoginCallback {
  readonly redirectUri: string;
  /** The parameters that the browser brings. Rejects when the signal is aborted. */
  readonly received: Promise<URLSearchParams>;
  close(): void;
}

const PATH = "/callback";

/**
 * Listens on the loopback for the request that ends a login. Other requests are refused, such as those of a page that
 * guesses the port: they do not know the `state` of this login.
 *
 * @param port `0` takes any free port
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
  // A rejection before the first `await` must not end the process.
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
