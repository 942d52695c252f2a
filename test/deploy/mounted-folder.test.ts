import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { startCommand } from "../support/run-command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

// Kubernetes mounts a ConfigMap as links: each file leads through `..data` to a folder of its version, and a new version is
// there when `..data` leads to another folder.

function answering(text: string): string {
  return `naftiko: 1.0.0-alpha3
capability:
  exposes:
    - type: rest
      namespace: api
      port: 0
      resources:
        - path: /ping
          operations: [ { method: GET, name: ping, outputParameters: [ { name: answer, type: string, value: ${text} } ] } ]
`;
}

async function mountVersion(folder: string, version: string, text: string): Promise<void> {
  await mkdir(path.join(folder, version));
  await writeFile(path.join(folder, version, "api.yaml"), answering(text));
  await symlink(version, path.join(folder, "..data_tmp"));
  await rename(path.join(folder, "..data_tmp"), path.join(folder, "..data"));
}

it("serves a mounted ConfigMap, each file once, and its next version", async () => {
  const folder = await temporaryFolder({});
  await mountVersion(folder, "..2026_12_01_02_00_00.1", "one");
  await symlink("..data/api.yaml", path.join(folder, "api.yaml"));
  const serving = await startCommand(["serve", folder, "--port", "0", "--watch"]);
  const [, url = ""] = await serving.waitFor(/1 capability served on (\S+)/, "stderr");
  const ask = async () => (await fetch(`${url}ping`)).text();
  expect(await ask()).toBe('{"answer":"one"}');
  await mountVersion(folder, "..2026_12_01_03_00_00.2", "two");
  await rm(path.join(folder, "..2026_12_01_02_00_00.1"), { recursive: true });
  while ((await ask()) !== '{"answer":"two"}') await new Promise(resolve => setTimeout(resolve, 50));
  serving.child.kill("SIGTERM");
  expect(await serving.finished).toMatchObject({ code: 0 });
});
