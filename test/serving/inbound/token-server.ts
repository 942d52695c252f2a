import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

/** Key that a server signs with, and its public half as it publishes it. */
export interface SigningKey {
  readonly key: KeyObject;
  readonly jwk: Record<string, unknown>;
}

export function rsaKey(members: object = {}, modulusLength = 2048): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength });
  return { key: privateKey, jwk: { ...publicKey.export({ format: "jwk" }), ...members } };
}

export function ecKey(members: object = {}, namedCurve = "P-256"): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
  return { key: privateKey, jwk: { ...publicKey.export({ format: "jwk" }), ...members } };
}

export function edKey(members: object = {}): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { key: privateKey, jwk: { ...publicKey.export({ format: "jwk" }), ...members } };
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Writes a token as its issuer does: the signature fits the algorithm of the header. */
export function tokenOf(header: object, claims: unknown, { key }: Pick<SigningKey, "key">): string {
  const text = `${part(header)}.${part(claims)}`;
  const { alg = "" } = header as { alg?: string };
  const hash = alg.startsWith("Ed") ? null : `sha${alg.slice(2)}`;
  const padding = alg.startsWith("PS") ? { padding: 6, saltLength: 32 } : {};
  const signature = sign(hash, Buffer.from(text), { key, dsaEncoding: "ieee-p1363", ...padding });
  return `${text}.${signature.toString("base64url")}`;
}

/** Writes a token that is signed by a secret, or by something that is none. */
export function hmacToken(header: object, claims: unknown, secret: string | Buffer): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

export function unsignedToken(header: object, claims: unknown, signature = ""): string {
  return `${part(header)}.${part(claims)}.${signature}`;
}

/** An authorization server that publishes keys, or answers as a test says. */
export interface TokenServer {
  readonly url: string;
  /** Paths of all requests, in order. */
  readonly paths: () => string[];
  readonly upstream: Upstream;
  keys: readonly unknown[];
  /** Answer of the server to everything, in place of metadata and keys. */
  status: number;
}

export interface TokenServerOptions {
  /** Path of the issuer. */
  readonly path?: string;
  /** Path of the metadata. */
  readonly metadataPath?: string;
  /** Members of the metadata. */
  readonly metadata?: (url: string) => object;
}

export async function startTokenServer(
  keys: readonly unknown[],
  { path = "", metadataPath = `/.well-known/oauth-authorization-server${path}`, metadata }: TokenServerOptions = {},
): Promise<TokenServer> {
  const upstream = await startUpstream(({ url }, response) => {
    const issuer = `${upstream.url}${path}`;
    if (server.status !== 200) answerJson(response, server.status, {});
    else if (url === metadataPath)
      answerJson(response, 200, { issuer, jwks_uri: `${upstream.url}/keys`, ...metadata?.(upstream.url) });
    else if (url === "/keys") answerJson(response, 200, { keys: server.keys });
    else answerJson(response, 404, {});
  });
  const server: TokenServer = {
    url: `${upstream.url}${path}`,
    paths: () => upstream.requests.map(({ url }) => url),
    upstream,
    keys,
    status: 200,
  };
  return server;
}
