import { afterEach, describe, expect, it } from "vitest";
import { loginByDevice } from "../../../src/engine/authentication/device-login.ts";
import { OAuth2Client } from "../../../src/engine/authentication/oauth2-client.ts";
import { createNodeHttpTransport } from "../../../src/net/wire/node-http.ts";
import { exchangeOf } from "../../support/exchange.ts";
import { MARK } from "../../support/marked-secret.ts";
import { failureOf } from "../../support/open-authenticated.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

let server: Upstream | undefined;

afterEach(() => server?.close());

const DEVICE = {
  device_code: `${MARK}-device`,
  user_code: "WDJB-MJHT",
  verification_uri: "https://id.test/device",
  expires_in: 60,
  interval: 2,
};

const TOKEN = { access_token: `${MARK}-t`, token_type: "bearer", refresh_token: `${MARK}-r` };

/** Logs in at a server that answers every question for the token with the next of `answers`. */
async function logIn(device: object, answers: readonly object[]) {
  const pauses: number[] = [];
  const seen: Parameters<Parameters<typeof loginByDevice>[1]["onInstructions"]>[0][] = [];
  let next = 0;
  server = await startUpstream((request, response) => {
    if (request.url === "/device") return answerJson(response, 200, { ...DEVICE, ...device });
    const answer = answers[next++] ?? { error: "authorization_pending" };
    if ("hang up" in answer) return response.destroy();
    answerJson(response, "error" in answer ? 400 : 200, answer);
  });
  const values = {
    clientId: "c",
    tokenEndpoint: `${server.url}/token`,
    deviceAuthorizationEndpoint: `${server.url}/device`,
  };
  const client = new OAuth2Client(values, {
    send: createNodeHttpTransport(),
    exchange: exchangeOf({ timeoutMs: 5_000 }),
    allowPlainHttp: false,
    now: () => 0,
    userAgent: "test",
  });
  const tokens = loginByDevice(client, {
    onInstructions: instructions => seen.push(instructions),
    pause: async milliseconds => {
      pauses.push(milliseconds / 1000);
    },
  });
  return { tokens, pauses, seen };
}

describe("loginByDevice()", () => {
  it("asks again until the person has logged in, and less often when it is told to", async () => {
    const { tokens, pauses, seen } = await logIn({}, [
      { error: "authorization_pending" },
      { error: "slow_down" },
      { error: "authorization_pending" },
      { "hang up": true },
      TOKEN,
    ]);
    expect(await tokens).toEqual({ accessToken: TOKEN.access_token, refreshToken: TOKEN.refresh_token });
    expect(pauses).toEqual([2, 2, 7, 7, 12]);
    expect(seen).toEqual([
      { userCode: "WDJB-MJHT", verificationUri: "https://id.test/device", completeUri: undefined },
    ]);
    expect(Object.fromEntries(new URLSearchParams(server?.requests.at(-1)?.body))).toEqual({
      client_id: "c",
      device_code: DEVICE.device_code,
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    });
  });

  it("asks every five seconds where the server does not say", async () => {
    const { tokens, pauses } = await logIn({ interval: undefined }, [TOKEN]);
    await tokens;
    expect(pauses).toEqual([5]);
  });

  it.each([
    ["the person refuses", [{ error: "access_denied" }], "access_denied", 1],
    ["the code expires", [{ error: "expired_token" }], "expired_token", 1],
    ["nobody comes", [], "expired_token", 30],
  ])("ends when %s", async (_, answers, reason, asked) => {
    const { tokens, pauses } = await logIn({}, answers);
    expect(await failureOf(tokens)).toMatchObject({
      code: "AUTHENTICATION_FAILED",
      details: { type: "oauth2", reason },
    });
    expect(pauses).toHaveLength(asked);
  });

  it.each(["javascript:alert(1)", "file:///etc/passwd", "id.test"])("shows no page %s", async page => {
    const { tokens, seen } = await logIn({ verification_uri: page }, [TOKEN]);
    expect(await failureOf(tokens)).toMatchObject({ details: { reason: "invalid_answer" } });
    expect(seen).toEqual([]);
  });

  it("needs to know where to begin", async () => {
    const client = new OAuth2Client(
      { clientId: "c", tokenEndpoint: "https://id.test/token" },
      {
        send: createNodeHttpTransport(),
        exchange: exchangeOf({ timeoutMs: 1, maxResponseBytes: 1 }),
        allowPlainHttp: false,
        now: () => 0,
        userAgent: "test",
      },
    );
    const failure = await failureOf(loginByDevice(client, { onInstructions: () => {}, pause: async () => {} }));
    expect(failure).toMatchObject({ details: { reason: "no_endpoint" } });
    expect(failure.message).toContain('"deviceAuthorizationEndpoint"');
  });

  it("shows no control characters of the server", async () => {
    const { tokens, seen } = await logIn({ user_code: "A\u001b[2JB" }, [TOKEN]);
    await tokens;
    expect(seen.map(({ userCode }) => userCode)).toEqual(["A\\u001b[2JB"]);
  });
});
