import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { expect, test } from "vitest";
import { startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const FILE = `naftiko: "1.0.0-alpha3"
info: { label: Shop, description: d }
capability:
  consumes:
    - { type: http, namespace: shop, baseUri: BASE, resources: [ { name: r, path: /orders, operations: [ { name: list, method: GET } ] } ] }
  exposes:
    - type: control
      port: 0
      management: { info: true, reload: true, logs: true, scripting: { defaultLanguage: javascript, defaultLocation: "file:///./scripts" } }
    - type: rest
      namespace: api
      port: 0
      resources:
        - path: /totals
          operations:
            - method: GET
              name: totals
              steps:
                - { type: call, name: orders, call: shop.list }
                - { type: script, name: totals, file: totals.js }
`;

test("a served capability is controlled until the last call has ended", async () => {
  let answer = () => {};
  const api = createServer((_request, response) => {
    const send = () => response.setHeader("content-type", "application/json").end('[{"sum":1},{"sum":2}]');
    if (!isSlow) send();
    else answer = send;
  });
  let isSlow = false;
  await new Promise<void>(resolve => api.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const folder = await temporaryFolder({
    "shop.yaml": FILE.replace("BASE", base),
    "scripts/totals.js": "result = { sum: context.orders.reduce(function (sum, row) { return sum + row.sum }, 0) }",
  });
  const serving = await startCommand(["serve", "shop.yaml"], { cwd: folder });
  const [, control = ""] = await serving.waitFor(/control listens on (\S+)\n/, "stderr");
  const [, rest = ""] = await serving.waitFor(/rest api listens on (\S+)\n/, "stderr");
  const ask = async (url: string, init?: RequestInit) => {
    const response = await fetch(url, init);
    return { status: response.status, value: (await response.json()) as Record<string, unknown> };
  };

  expect(await ask(`${rest}/totals`)).toEqual({ status: 200, value: { sum: 3 } });
  expect(await ask(`${control}/health/ready`)).toMatchObject({ status: 200, value: { status: "UP" } });
  expect(await ask(`${control}/scripting`)).toMatchObject({ value: { stats: { totalExecutions: 1, totalErrors: 0 } } });
  expect((await ask(`${control}/logs`)).value.entries).toContainEqual(
    expect.objectContaining({ logger: "server", message: expect.stringContaining("rest api listens on") }),
  );

  const headers = { "content-type": "application/json" };
  const change = { method: "PUT", headers, body: '{"enabled":false}' };
  expect((await ask(`${control}/scripting`, change)).status).toBe(200);
  const off = await ask(`${rest}/totals`);
  expect(off).toMatchObject({ status: 502, value: { code: "SCRIPT_FAILED", step: "totals" } });
  expect(await ask(`${control}/scripting`)).toMatchObject({ value: { stats: { totalExecutions: 2, totalErrors: 1 } } });

  expect((await ask(`${control}/config/reload`, { method: "POST" })).status).toBe(200);
  expect(await ask(`${rest}/totals`)).toMatchObject({ status: 200 });
  await writeFile(path.join(folder, "shop.yaml"), "naftiko: [");
  expect(await ask(`${control}/config/reload`, { method: "POST" })).toMatchObject({
    status: 422,
    value: { code: "CAPABILITY_INVALID" },
  });

  isSlow = true;
  const running = ask(`${rest}/totals`);
  while ((await fetch(`${control}/health/live`)).status === 200 && answer.toString() === "() => {}") {
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  serving.child.kill("SIGTERM");
  let ready = await ask(`${control}/health/ready`);
  while (ready.status === 200) ready = await ask(`${control}/health/ready`);
  expect(ready).toMatchObject({ status: 503, value: { status: "DEGRADED" } });
  expect((await ask(`${control}/health/live`)).status).toBe(200);
  answer();
  expect(await running).toEqual({ status: 200, value: { sum: 3 } });
  expect(await serving.finished).toMatchObject({ code: 0, stdout: "" });
  api.close();
});
