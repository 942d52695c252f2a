import { symlink } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSelfSignedCertificate } from "../../support/certificates.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson } from "../../support/upstream.ts";
import { lookUp } from "./support.ts";

const ACCOUNT_TOKEN = "account-t0ken";

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString("base64");

/** Secrets by namespace and name; what the API answers for others is 404. */
const SECRETS: Record<string, object> = {
  "prod/shop": {
    kind: "Secret",
    data: { token: base64("s3cret"), "tls.crt": base64("cert\n"), binary: base64(new Uint8Array([255, 0])) },
  },
  "own/shop": { kind: "Secret", data: { token: base64("own") } },
  "prod/empty": { kind: "Secret" },
};

let server: Server;
let asked: string[];
let env: Record<string, string>;

beforeAll(async () => {
  const certificate = createSelfSignedCertificate();
  server = createServer(certificate, (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.headers.authorization !== `Bearer ${ACCOUNT_TOKEN}`)
      return answerJson(response, 401, { kind: "Status", message: String(request.headers.authorization) });
    const [, namespace, name] = /^\/api\/v1\/namespaces\/(.*)\/secrets\/(.*)$/.exec(request.url ?? "") ?? [];
    if (namespace === "kube-system") return answerJson(response, 403, { kind: "Status", reason: "Forbidden" });
    if (namespace === "broken") return answerJson(response, 500, {});
    const secret = SECRETS[`${namespace}/${name}`];
    answerJson(response, secret === undefined ? 404 : 200, secret ?? { kind: "Status" });
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const folder = await temporaryFolder({
    token: ACCOUNT_TOKEN,
    "ca.crt": certificate.cert,
    namespace: "own",
  });
  env = {
    KUBERNETES_SERVICE_HOST: "localhost",
    KUBERNETES_SERVICE_PORT: String((server.address() as AddressInfo).port),
    KUBERNETES_SERVICE_ACCOUNT_DIR: folder,
  };
});

beforeEach(() => {
  asked = [];
});

afterAll(() => {
  server.close();
});

describe("the API of Kubernetes", () => {
  it.each([
    ["k8s://prod/shop", "token", "s3cret"],
    ["k8s-secret://prod/shop", "token", "s3cret"],
    ["k8s://prod/secrets/shop", "token", "s3cret"],
    ["k8s://shop", "token", "own"],
    ["k8s://prod/shop", "tls.crt", "cert"],
    ["k8s://prod/shop", "absent", undefined],
    ["k8s://prod/shop", "constructor", undefined],
    ["k8s://prod/shop", "binary", undefined],
    ["k8s://prod/empty", "token", undefined],
    ["k8s://prod/none", "token", "error: Kubernetes has no secret prod/none"],
    [
      "k8s://kube-system/shop",
      "token",
      "error: Kubernetes does not let the service account read the secret kube-system/shop (403)",
    ],
    ["k8s://broken/shop", "token", "error: Kubernetes answered 500 for the secret broken/shop"],
    ["k8s://prod/shop", "../token", 'error: "../token" cannot be a key of a Kubernetes secret'],
    ["k8s://prod/shop", "..", 'error: ".." cannot be a key of a Kubernetes secret'],
    ["k8s://", "token", "error: it is not k8s://<namespace>/<name>, nor k8s:///<folder of a mounted secret>"],
    ["k8s://prod/a/b", "token", "error: it is not k8s://<namespace>/<name>, nor"],
    ["k8s://prod/..", "token", "error: it is not k8s://<namespace>/<name>, nor"],
    ["k8s://prod/a%2Fb", "token", "error: it is not k8s://<namespace>/<name>, nor"],
    ["k8s://Prod/shop", "token", "error: it is not k8s://<namespace>/<name>, nor"],
  ])("%s, key %s", async (location, key, expected) => {
    const found = await lookUp({ location, key, surroundings: { env } });
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found?.slice(0, expected.length)).toBe(expected);
  });

  it("is asked once for all keys of a secret", async () => {
    const surroundings = { env: { ...env, KUBERNETES_SERVICE_HOST: "LOCALHOST" } };
    const location = "k8s://prod/shop";
    const looked = [lookUp({ location, surroundings }), lookUp({ location, key: "tls.crt", surroundings })];
    expect(await Promise.all(looked)).toEqual(["s3cret", "cert"]);
    expect(asked).toEqual(["GET /api/v1/namespaces/prod/secrets/shop"]);
  });

  it.each([
    ["outside of a pod", { KUBERNETES_SERVICE_HOST: "" }, "KUBERNETES_SERVICE_HOST is not set: this is not a pod"],
    ["without an account", { KUBERNETES_SERVICE_ACCOUNT_DIR: "/nope" }, "/nope/token cannot be read: ENOENT"],
    ["when it is down", { KUBERNETES_SERVICE_PORT: "1" }, "https://localhost:1 cannot be reached: ECONNREFUSED"],
    [
      "under another name than the certificate's",
      { KUBERNETES_SERVICE_HOST: "127.0.0.1" },
      "is not trusted: ERR_TLS_CERT_ALTNAME_INVALID",
    ],
  ])("tells what is wrong %s", async (_, changed, expected) => {
    const found = await lookUp({
      location: "k8s://prod/shop",
      surroundings: { env: { ...env, ...changed } },
    });
    expect(found).toContain(`error: `);
    expect(found).toContain(expected);
    expect(found).not.toContain(ACCOUNT_TOKEN);
  });

  it("does not tell the token that the API does not take", async () => {
    const folder = await temporaryFolder({
      token: "wrong-t0ken",
      namespace: "own",
      "ca.crt": "",
    });
    const account = { ...env, KUBERNETES_SERVICE_ACCOUNT_DIR: folder };
    const found = await lookUp({ location: "k8s://prod/shop", surroundings: { env: account } });
    expect(found).toContain("is not trusted");
    expect(found).not.toContain("wrong-t0ken");
  });
});

describe("mounted secrets", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder({
      "mounted/..2026/token": "m0unted\n",
      "mounted/..2026/empty": "",
      "all/shop/token": "any namespace",
      "all/prod/shop/token": "of prod",
      "outside/token": "outside",
    });
    // Kubernetes swaps a whole version by one link.
    await symlink("..2026", path.join(folder, "mounted/..data"));
    await symlink("..data/token", path.join(folder, "mounted/token"));
    await symlink(path.join(folder, "outside"), path.join(folder, "all/leak"));
  });

  it("are read from a folder that is allowed", async () => {
    const surroundings = { fileRoots: [path.join(folder, "mounted")] };
    const location = `k8s://${folder}/mounted`;
    expect(await lookUp({ location, surroundings })).toBe("m0unted");
    expect(await lookUp({ location, key: "none", surroundings })).toContain("there is no file");
  });

  it.each([
    ["k8s://shop", "token", "any namespace"],
    ["k8s://prod/shop", "token", "of prod"],
    ["k8s-secret://test/shop", "token", "any namespace"],
    ["k8s://none", "token", "error: there is no file "],
    ["k8s://shop", "none", "error: there is no file "],
    ["k8s://leak", "token", "error: "],
  ])("are read below KUBERNETES_SECRETS_DIR: %s, key %s", async (location, key, expected) => {
    const surroundings = { env: { KUBERNETES_SECRETS_DIR: path.join(folder, "all") } };
    const found = await lookUp({ location, key, surroundings });
    expect(found?.slice(0, expected.length)).toBe(expected);
  });
});
