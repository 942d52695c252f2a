import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { digestAuthorization } from "../../../src/engine/authentication/digest-authorization.ts";
import {
  chooseChallenge,
  type DigestChallenge,
  parseChallenges,
} from "../../../src/engine/authentication/digest-challenge.ts";
import { NonceUses } from "../../../src/serving/inbound/nonce-uses.ts";
import { markedSecret } from "../../support/marked-secret.ts";
import { type GuardedServer, startGuarded } from "./guarded-server.ts";

const PASSWORD = markedSecret("päss:word");
const DIGEST = { type: "digest", username: "jäsøn", password: "{{TOKEN}}" };

async function start(now?: () => number): Promise<GuardedServer> {
  return startGuarded(DIGEST, { env: { TOKEN: PASSWORD }, ...(now === undefined ? {} : { now }) });
}

interface Attempt {
  readonly username?: string;
  readonly password?: string;
  readonly count?: number;
  readonly path?: string;
  /** Path of the request that is sent, where it is another one. */
  readonly sent?: string;
  /** Changes the finished field. */
  readonly change?: (field: string) => string;
  readonly challenge?: Partial<DigestChallenge>;
}

/** Answers a challenge as the consumed side does, and as it is changed. */
async function attempt(server: GuardedServer, challenge: string, options: Attempt = {}) {
  const {
    username = "jäsøn",
    password = PASSWORD,
    count = 1,
    path = "/a?b=c",
    sent = path,
    change = it => it,
  } = options;
  const chosen = { ...chooseChallenge(parseChallenges(challenge.split("\n"))), ...options.challenge };
  const request = { method: "GET", url: `http://localhost${path}`, headers: {} };
  const answer = { challenge: chosen, username, password, cnonce: "abc", count };
  const authorization = change(digestAuthorization(request, answer));
  return server.ask({ authorization: Buffer.from(authorization).toString("latin1") }, sent);
}

describe("digest", () => {
  it("offers both hashes with one nonce, the better one first", async () => {
    const { challenge, status } = await (await start()).ask();
    expect(status).toBe(401);
    const parsed = parseChallenges(challenge.split("\n"));
    expect(parsed.map(({ parameters }) => parameters.get("algorithm"))).toEqual(["SHA-256", "MD5"]);
    expect(new Set(parsed.map(({ parameters }) => parameters.get("nonce"))).size).toBe(1);
    expect(challenge).not.toContain("stale");
  });

  it.each<Attempt>([
    {},
    { challenge: { algorithm: "MD5", hash: "md5" } },
    { challenge: { algorithm: undefined, hash: "md5" } },
    { challenge: { userhash: false } },
    { challenge: { userhash: false }, change: field => field.replace(/username\*=[^,]+/, 'username="jäsøn"') },
    { change: field => field.replace("Digest", "dIGEST").replaceAll(", ", "   ,") },
    { change: field => field.replace('cnonce="abc"', 'cnonce="\\a\\b\\c"') },
  ])("admits attempt %#", async options => {
    const server = await start();
    const { challenge } = await server.ask();
    expect(await attempt(server, challenge, options)).toMatchObject({ status: 200 });
  });

  it.each<Attempt>([
    { password: `${PASSWORD}x` },
    { password: "" },
    { username: "bob" },
    { username: "" },
    { challenge: { realm: "other" } },
    { challenge: { algorithm: "SHA-512-256", hash: "sha512-256" } },
    { challenge: { session: true, algorithm: "MD5-sess", hash: "md5" } },
    { challenge: { qop: "auth-int" } },
    { challenge: { qop: undefined } },
    { path: "/a", sent: "/b" },
    { path: "/a?b=c", sent: "/a" },
    { change: field => field.replace("nc=00000001", "nc=1") },
    { change: field => field.replace("nc=00000001", "nc=00000002") },
    { change: field => field.replace(/response="[^"]*"/, 'response=""') },
    { change: field => field.replace(/, response="[^"]*"/, "") },
    { change: field => field.replace(/uri="[^"]*", /, "") },
    { change: field => field.replace(/nonce="[^"]*", /, "") },
    { change: field => field.replace('cnonce="abc"', 'cnonce="abc') },
    { change: field => `${field}, Digest username="x"` },
    { change: () => "Digest" },
    { change: () => `Digest ${'a="'.repeat(3000)}` },
    { change: () => `Digest ${"a=b,".repeat(3000)}` },
    { change: field => field.replace(/username="/, 'username*="') },
  ])("refuses attempt %# and does not call it stale", async options => {
    const server = await start();
    const { challenge } = await server.ask();
    const answer = await attempt(server, challenge, options);
    expect(answer.status).toBe(401);
    expect(answer.challenge).toContain("nonce=");
    expect(answer.challenge).not.toContain("stale");
  });

  it("refuses a count that was used, and calls it stale", async () => {
    const server = await start();
    const { challenge } = await server.ask();
    const statuses: number[] = [];
    for (const count of [1, 1, 3, 2, 2, 70, 5, 71, 70])
      statuses.push((await attempt(server, challenge, { count })).status);
    expect(statuses).toEqual([200, 401, 200, 200, 401, 200, 401, 200, 401]);
    expect((await attempt(server, challenge)).challenge).toContain("stale=true");
  });

  it("calls a nonce stale that has expired, or that it did not issue", async () => {
    let now = 1_800_000_000_000;
    const server = await start(() => now);
    const { challenge } = await server.ask();
    expect(await attempt(server, challenge)).toMatchObject({ status: 200 });
    now += 300_001;
    const late = await attempt(server, challenge, { count: 2 });
    expect(late).toMatchObject({ status: 401, challenge: expect.stringContaining("stale=true") });
    expect(await attempt(server, late.challenge)).toMatchObject({ status: 200 });
    for (const nonce of ["", "x", challenge.replace(/.*nonce="([^"]*)".*/s, "$1").replace(/^./, "B")]) {
      const forged = await attempt(server, challenge, { challenge: { nonce } });
      expect(forged).toMatchObject({ status: 401, challenge: expect.stringContaining("stale=true") });
    }
  });

  it("does not tell by a nonce whether a wrong password was near", async () => {
    const server = await start();
    const nonce = createHash("sha256").update("forged").digest("base64url");
    const { challenge } = await server.ask();
    const answer = await attempt(server, challenge, { challenge: { nonce }, password: "wrong" });
    expect(answer.challenge).not.toContain("stale");
  });
});

describe("NonceUses", () => {
  it("takes nonces for used that it may have forgotten", () => {
    const uses = new NonceUses();
    for (let index = 0; index < 10_001; index++) expect(uses.admit(String(index), index, 1, 1e9, 0)).toBe(true);
    // The first was forgotten to make room.
    expect(uses.admit("0", 0, 1, 1e9, 0)).toBe(false);
    expect(uses.admit("never seen", 0, 1, 1e9, 0)).toBe(false);
    expect(uses.admit("new", 20_000, 1, 1e9, 0)).toBe(true);
  });

  it("forgets nonces that have expired", () => {
    const uses = new NonceUses();
    for (let index = 0; index < 20_000; index++) expect(uses.admit(String(index), 5, 1, index, index + 1)).toBe(true);
  });
});
