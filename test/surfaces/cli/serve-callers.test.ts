import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { markedSecret } from "../../support/marked-secret.ts";
import { startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const CAPABILITY = `naftiko: 1.0.0-alpha3
binds: [ { namespace: files, location: "file://./secrets.json", keys: { CALLER_TOKEN: token } } ]
capability:
  exposes:
    - type: rest
      namespace: shop
      port: 0
      authentication: { type: bearer, token: "{{CALLER_TOKEN}}" }
      resources:
        - path: /ping
          operations: [ { method: GET, outputParameters: [ { name: answer, type: string, value: pong } ] } ]
    - type: rest
      namespace: tokens
      port: 0
      authentication: { type: oauth2, authorizationServerUri: "http://127.0.0.1:1", resource: "https://shop.test" }
      resources:
        - path: /ping
          operations: [ { method: GET, outputParameters: [ { name: answer, type: string, value: pong } ] } ]
    - { type: control, port: 0, management: { reload: true } }
`;

const OLD = markedSecret("old");
const NEW = markedSecret("new");
const secrets = (token: string): string => JSON.stringify({ token });

it("serve takes another secret of callers at a reload, keeps it where there is none, and counts requests", async () => {
  const folder = await temporaryFolder({ "shop.yaml": CAPABILITY, "secrets.json": secrets(OLD) });
  const served = await startCommand(["serve", "shop.yaml", "--rate-limit", "4/1h"], { cwd: folder });
  const lines = await served.waitFor(
    /shop listens on (\S+)\n.*tokens listens on (\S+)\n.*control listens on (\S+)\n/,
    "stderr",
  );
  const [, shop = "", tokens = "", control = ""] = lines;
  const ask = async (url: string, token: string) =>
    (await fetch(`${url}/ping`, { headers: { authorization: `Bearer ${token}` } })).status;
  const reload = async (token: string) => {
    await writeFile(path.join(folder, "secrets.json"), secrets(token));
    return (await fetch(`${control}/config/reload`, { method: "POST" })).status;
  };
  expect([await ask(shop, OLD), await ask(shop, NEW)]).toEqual([200, 401]);
  expect(await reload(NEW)).toBe(200);
  expect([await ask(shop, OLD), await ask(shop, NEW)]).toEqual([401, 200]);
  expect(await reload("")).toBeGreaterThanOrEqual(400);
  const statuses = [];
  for (let times = 0; times < 4; times++) statuses.push(await ask(shop, NEW));
  expect(statuses).toEqual([200, 200, 200, 429]);
  const [header, claims] = [{ alg: "RS256", kid: "a" }, { exp: 1 }].map(part =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  expect(await ask(tokens, `${header}.${claims}.eA`)).toBe(503);
  served.child.kill("SIGTERM");
  const { code, stderr } = await served.finished;
  expect(code).toBe(0);
  expect(stderr).toContain("Cannot reach 127.0.0.1:1");
});
