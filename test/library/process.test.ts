import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

const library = pathToFileURL(path.resolve(import.meta.dirname, "../../dist/index.js")).href;

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream((_, response) => answerJson(response, 200, { id: "ak_1" }));
});

afterAll(() => upstream.close());

describe("a process that uses the built package", () => {
  it.each([
    { what: "has closed its capability", close: "await clerk.close();" },
    { what: "has not", close: "" },
  ])("ends by itself when it $what", async ({ close }) => {
    const { code, output } = await runScript(`
      import { openCapability } from ${JSON.stringify(library)};
      const clerk = await openCapability("clerk-backend-api-api-keys", {
        env: { CLERK_SECRET_KEY: "k" },
        baseUri: ${JSON.stringify(upstream.url)},
      });
      const calls = [1, 2, 3].map(() => clerk.run("getApiKey", { apiKeyID: "ak_1" }));
      for (const { outputs } of await Promise.all(calls)) console.log(outputs.result.id);
      ${close}
    `);
    expect({ code, output }).toEqual({ code: 0, output: "ak_1\nak_1\nak_1\n" });
  });

  it("ends by itself when a call was aborted", async () => {
    const { code, output } = await runScript(`
      import { openCapability } from ${JSON.stringify(library)};
      import { createServer } from "node:net";
      const silent = createServer(() => {}).listen(0, "127.0.0.1");
      await new Promise(resolve => silent.on("listening", resolve));
      const clerk = await openCapability("clerk-backend-api-api-keys", {
        env: { CLERK_SECRET_KEY: "k" },
        baseUri: "http://127.0.0.1:" + silent.address().port,
      });
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 100);
      await clerk
        .run("getApiKey", { apiKeyID: "ak_1" }, { signal: controller.signal })
        .catch(error => console.log(error.code));
      await clerk.close();
      silent.close();
    `);
    expect({ code, output }).toEqual({ code: 0, output: "ABORTED\n" });
  });
});

async function runScript(script: string): Promise<{ code: unknown; output: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  const [code] = (await once(child, "close")) as unknown[];
  return { code, output };
}
