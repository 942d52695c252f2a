import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const PONG = "outputParameters: [ { name: answer, type: string, value: pong } ]";

function capability(tools: readonly string[], port = 0): string {
  return `naftiko: 1.0.0-alpha3
capability:
  exposes:
    - type: rest
      namespace: routes
      port: ${port}
      resources: [ { path: /ping, operations: [ { method: GET, ${PONG} } ] } ]
    - type: mcp
      namespace: tools
      port: ${port}
      tools: [ ${tools.map(name => `{ name: ${name}, description: Answers, ${PONG} }`).join(", ")} ]
    - type: mcp
      namespace: guarded
      port: ${port}
      authentication: { type: oauth2, authorizationServerUri: "http://127.0.0.1:1", resource: "https://shop.test/shop/mcp", scopes: [ read ] }
      tools: [ { name: pong, description: Answers, ${PONG} } ]
    - { type: control, port: 0, management: { reload: true } }
`;
}

const METADATA = {
  resource: "https://shop.test/shop/mcp",
  authorization_servers: ["http://127.0.0.1:1"],
  scopes_supported: ["read"],
  bearer_methods_supported: ["header"],
};

interface Asked {
  readonly method: string;
  readonly params?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

function ask(url: string, { method, params = {}, headers = {} }: Asked): Promise<Response> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  return fetch(url, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
}

it("serve keeps the sessions of agents at a reload, and tells them of other tools", async () => {
  const folder = await temporaryFolder({ "shop.yaml": capability(["one"]) });
  const served = await startCommand(["serve", "shop.yaml"], { cwd: folder });
  const lines = await served.waitFor(
    /tools listens on (\S+)\n.*guarded listens on (\S+)\n.*control listens on (\S+)\n/,
    "stderr",
  );
  const [, tools = "", guarded = "", control = ""] = lines;
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
  const opened = await ask(`${tools}/mcp`, { method: "initialize", params });
  const headers = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  const names = async () => {
    const answer = await ask(`${tools}/mcp`, { method: "tools/list", headers });
    return ((await answer.json()) as { result: { tools: { name: string }[] } }).result.tools.map(({ name }) => name);
  };
  expect(await names()).toEqual(["one"]);
  const listening = await fetch(`${tools}/mcp`, { headers: { ...headers, accept: "text/event-stream" } });
  const reader = listening.body?.getReader();
  await writeFile(path.join(folder, "shop.yaml"), capability(["one", "two"]));
  expect((await fetch(`${control}/config/reload`, { method: "POST" })).status).toBe(200);
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toContain("notifications/tools/list_changed");
  expect(await names()).toEqual(["one", "two"]);
  expect((await ask(`${tools}/mcp`, { method: "tools/call", params: { name: "two" } })).status).toBe(200);

  const refused = await ask(guarded, { method: "tools/list" });
  expect(refused.status).toBe(401);
  const place = "/.well-known/oauth-protected-resource/shop/mcp";
  expect(refused.headers.get("www-authenticate")).toContain(`resource_metadata="https://shop.test${place}"`);
  expect(await (await fetch(`${guarded}${place}`)).json()).toEqual(METADATA);
  expect((await fetch(`${tools}${place}`)).status).toBe(404);

  const metrics = await (await fetch(`${control}/metrics`)).text();
  expect(metrics).toContain(`{naftiko_adapter_type="mcp",naftiko_operation_id="POST tools/call two",status="200"} 1`);
  // A client that listens does not hold it up.
  served.child.kill("SIGTERM");
  expect((await served.finished).code).toBe(0);
});

it("serve answers agents and the metadata of their resource behind one port, beside routes", async () => {
  const folder = await temporaryFolder({ "shop.yaml": capability(["one"]) });
  const served = await startCommand(["serve", "shop.yaml", "--port", "0"], { cwd: folder });
  const [, url = ""] = await served.waitFor(/served on (\S+)\/shop\/\n/, "stderr");
  expect(await (await fetch(`${url}/shop/ping`)).json()).toEqual({ answer: "pong" });
  for (const place of ["/shop/mcp", "/shop/", "/shop"]) {
    const answer = await ask(`${url}${place}`, { method: "tools/call", params: { name: "one" } });
    expect(await answer.json(), place).toMatchObject({ result: { structuredContent: { answer: "pong" } } });
  }
  const place = "/.well-known/oauth-protected-resource/shop/mcp";
  expect(await (await fetch(`${url}${place}`)).json()).toEqual(METADATA);
  expect((await fetch(`${url}/.well-known/oauth-protected-resource/other`)).status).toBe(404);
  served.child.kill("SIGTERM");
  expect((await served.finished).code).toBe(0);
});
