import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
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

/** Returns an adapter whose routes answer its name. */
function adapter(name: string, routes: readonly string[], authentication = ""): string {
  const resources = routes.map(route => {
    const [method, path] = route.split(" ");
    return `
        - path: ${path}
          operations: [ { method: ${method}, outputParameters: [ { name: by, type: string, value: ${name} } ] } ]`;
  });
  return `
    - type: rest
      namespace: ${name}
      port: 0
      ${authentication}
      resources:${resources.join("")}`;
}

describe("serve with several adapters of a capability behind one port", () => {
  const capability = `naftiko: 1.0.0-alpha3
binds: [ { namespace: env, keys: { TOKEN: TOKEN, KEY: KEY } } ]
capability:
  exposes:${[
    adapter("first", ["GET /a", "GET /both"], 'authentication: { type: bearer, token: "{{TOKEN}}" }'),
    adapter(
      "second",
      ["GET /b", "GET /both", "POST /a"],
      'authentication: { type: basic, username: ann, password: "{{KEY}}" }',
    ),
  ].join("")}`;
  const open = adapter("open", ["GET /c"]);
  const env = { TOKEN: markedSecret("token"), KEY: markedSecret("key") };
  const token = { authorization: `Bearer ${env.TOKEN}` };
  const user = { authorization: `Basic ${Buffer.from(`ann:${env.KEY}`).toString("base64")}` };

  it("answers by the first that lets the caller in, and tells others nothing of routes", async () => {
    const files = { "closed.yaml": capability, "open.yaml": capability + open };
    const folder = await temporaryFolder(files);
    const served = await startCommand(["serve", ".", "--port", "0", "--rate-limit", "100/1h"], { cwd: folder, env });
    const [, url = ""] = await served.waitFor(/served on (\S+)\/<capability>/, "stderr");
    const ask = async (target: string, headers: Record<string, string> = {}) => {
      const [method = "", path = ""] = target.split(" ");
      const response = await fetch(url + path, { method, headers });
      const { by = response.status } = (await response.json()) as { readonly by?: string };
      return { by, challenge: response.headers.get("www-authenticate"), limit: response.headers.get("ratelimit") };
    };
    const by = async (target: string, headers?: Record<string, string>) => (await ask(target, headers)).by;
    expect(await by("GET /closed/a", token)).toBe("first");
    expect(await by("GET /closed/b", user)).toBe("second");
    expect(await by("POST /closed/a", user)).toBe("second");
    expect(await by("GET /closed/both", token)).toBe("first");
    expect(await by("GET /closed/both", user)).toBe("second");
    for (const path of ["a", "b", "both", "none", "openapi"]) {
      const { by, challenge } = await ask(`GET /closed/${path}`);
      expect({ by, challenge }).toEqual({
        by: 401,
        challenge: 'Bearer realm="naftiko", Basic realm="naftiko", charset="UTF-8"',
      });
      expect(await ask(`GET /closed/${path}`, { authorization: "Bearer wrong" })).toMatchObject({
        by: 401,
        challenge: 'Bearer error="invalid_token", realm="naftiko", Basic realm="naftiko", charset="UTF-8"',
      });
    }
    for (const path of ["b", "none"]) expect(await by(`GET /closed/${path}`, token)).toBe(401);
    for (const path of ["a", "b", "none"]) expect(await by(`GET /open/${path}`)).toBe(401);
    for (const headers of [{}, token, user, { authorization: "Bearer wrong" }])
      expect(await by("GET /open/c", headers)).toBe("open");
    // Each request counts once, whichever adapters were asked.
    const counts = [await ask("GET /open/c", token), await ask("GET /open/c", token)];
    const [before, after] = counts.map(({ limit }) => Number(/r=(\d+)/.exec(limit ?? "")?.[1]));
    expect(after).toBe((before ?? 0) - 1);
    served.child.kill("SIGTERM");
    expect(await served.finished).toMatchObject({ code: 0 });
  });
});

it.each<[args: readonly string[], warned: readonly string[]]>([
  [["."], ["far: rest far", "far: rest farther"]],
  [
    ["--host", "0.0.0.0", "."],
    ["far: rest far", "far: rest farther", "far: rest local", "near: rest near"],
  ],
  [["--host", "0.0.0.0", "near.yaml", "--port", "0"], ["near: rest near"]],
  [["--host", "127.0.0.2", "."], []],
  [["near.yaml", "--port", "0"], []],
])("serve %j warns of adapters without authentication that other computers reach", async (args, warned) => {
  const file = (...adapters: readonly string[]) => `naftiko: 1.0.0-alpha3\ncapability:\n  exposes:${adapters.join("")}`;
  const folder = await temporaryFolder({
    "far.yaml": file(
      adapter("far", ["GET /a"], "address: 0.0.0.0"),
      adapter("farther", ["GET /a"], 'address: "::"'),
      adapter("local", ["GET /a"], "address: localhost"),
      adapter("guarded", ["GET /a"], "address: 0.0.0.0\n      authentication: { type: bearer, token: abc }"),
    ),
    "near.yaml": file(adapter("near", ["GET /a"])),
  });
  const served = await startCommand(["serve", ...args], { cwd: folder });
  await served.waitFor(args.includes("--port") ? /served on / : /near listens on /, "stderr");
  served.child.kill("SIGTERM");
  const { stderr } = await served.finished;
  const found = stderr.matchAll(/^warning: (.*) has no authentication: everybody who reaches \S+ can call it$/gm);
  expect([...found].map(([, label]) => label)).toEqual(warned);
});
