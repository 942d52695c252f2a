import { expect, test } from "vitest";
import { startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const FILE = `naftiko: "1.0.0-alpha3"
capability:
  binds: [ { namespace: env, keys: { TOKEN: TOKEN } } ]
  consumes:
    - { type: http, namespace: shop, baseUri: "https://shop.test", resources: [ { name: r, path: /orders, operations: [ { name: list, method: GET } ] } ] }
  exposes:
    - { type: control, port: 0 }
    - type: rest
      namespace: api
      port: 0
      resources: [ { path: /orders, operations: [ { method: GET, name: orders, outputParameters: [ { name: id, type: string, value: "1" } ] } ] } ]
    - type: skill
      namespace: desk
      port: 0
      authentication: { type: bearer, token: "{{TOKEN}}" }
      skills: [ { name: order-desk, description: Orders, location: "file:///./desk", tools: [ { name: orders, from: { sourceNamespace: api, action: orders } } ] } ]
`;

const options = async () => ({
  cwd: await temporaryFolder({ "shop.yaml": FILE, "desk/SKILL.md": "# Orders" }),
  env: { TOKEN: "t-1" },
});
const headers = { authorization: "Bearer t-1" };

test("skills are served at their own port, to callers who are let in, and counted", async () => {
  const serving = await startCommand(["serve", "shop.yaml"], await options());
  const [, url = ""] = await serving.waitFor(/skill desk listens on (\S+)\n/, "stderr");
  const [, control = ""] = await serving.waitFor(/control listens on (\S+)\n/, "stderr");
  expect((await fetch(`${url}/skills`)).status).toBe(401);
  expect((await fetch(`${url}/skills`, { headers: { authorization: "Bearer t-2" } })).status).toBe(401);
  expect(await (await fetch(`${url}/skills`, { headers })).json()).toMatchObject({ count: 1 });
  const file = await fetch(`${url}/skills/order-desk/contents/SKILL.md`, { headers });
  expect(await file.text()).toBe("# Orders");
  expect((await fetch(`${url}/skills/order-desk/download`, { headers })).status).toBe(200);
  const metrics = await (await fetch(`${control}/metrics`)).text();
  expect(metrics).toContain('"skill"');
  expect(await (await fetch(`${control}/health/ready`)).json()).toMatchObject({
    adapters: expect.arrayContaining([expect.objectContaining({ type: "skill", state: "started" })]),
  });
  serving.child.kill("SIGTERM");
  expect((await serving.finished).code).toBe(0);
});

test("skills stand beside the routes behind a shared port", async () => {
  const serving = await startCommand(["serve", "shop.yaml", "--port", "0"], await options());
  const [, url = ""] = await serving.waitFor(/served on (\S+)\/\n/, "stderr");
  expect(await (await fetch(`${url}/orders`)).json()).toEqual({ id: "1" });
  expect((await fetch(`${url}/skills`)).status).toBe(401);
  expect(await (await fetch(`${url}/skills`, { headers })).json()).toMatchObject({ count: 1 });
  serving.child.kill("SIGTERM");
  expect((await serving.finished).code).toBe(0);
});
