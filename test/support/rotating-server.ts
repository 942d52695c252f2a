import { answerJson, startUpstream, type Upstream } from "./upstream.ts";

/** An API with an authorization server whose refresh tokens can be used once, as it is for native applications. */
export interface RotatingServer {
  readonly url: string;
  /** Refresh tokens in the order they were sent. */
  readonly used: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts a server. `POST /token` gives tokens for a refresh token `<name>.<number>`, the next number to each; `GET
 * /data` answers to the newest access token of a name alone.
 *
 * @param delayMs before each answer of `/token`
 */
export async function startRotatingServer(delayMs = 0): Promise<RotatingServer> {
  const used: string[] = [];
  const valid = new Map<string, number>();
  const upstream: Upstream = await startUpstream(async ({ url, headers, body }, response) => {
    if (url === "/data") {
      const token = /^Bearer (\S+)\.(\d+)$/.exec(headers.authorization ?? "");
      const isValid = token !== null && valid.get(token[1] ?? "") === Number(token[2]);
      answerJson(response, isValid ? 200 : 401, { token: token?.[0] });
      return;
    }
    const refreshToken = new URLSearchParams(body.toString()).get("refresh_token") ?? "";
    used.push(refreshToken);
    const [name = "", number = ""] = refreshToken.split(".");
    await new Promise(resolve => setTimeout(resolve, delayMs));
    if ((valid.get(name) ?? 0) !== Number(number)) {
      answerJson(response, 400, { error: "invalid_grant" });
      return;
    }
    const next = Number(number) + 1;
    valid.set(name, next);
    answerJson(response, 200, {
      access_token: `${name}.${next}`,
      token_type: "bearer",
      expires_in: 600,
      refresh_token: `${name}.${next}`,
    });
  });
  return { url: upstream.url, used, close: () => upstream.close() };
}
