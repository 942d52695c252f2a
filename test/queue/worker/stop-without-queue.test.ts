import { expect, it } from "vitest";
import { hasRedisServer, startRedis } from "../../support/redis-server.ts";
import { startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const CAPABILITY = `naftiko: 1.0.0-alpha3
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: http://127.0.0.1:1
      resources: [ { path: /items, name: items, operations: [ { name: list, method: GET } ] } ]
`;

it.skipIf(!hasRedisServer)(
  "ends a worker whose queue is down, and says so (skipped without redis-server)",
  async () => {
    const redis = await startRedis("--maxmemory-policy", "noeviction");
    const cwd = await temporaryFolder({ "api.yaml": CAPABILITY });
    const worker = await startCommand(["worker", "--queue", redis.url, "--capability", "api.yaml"], { cwd });
    await worker.waitFor(/takes rows/, "stderr");
    await redis.kill();
    await worker.waitFor(/is down/, "stderr");
    worker.child.kill("SIGTERM");
    expect(await worker.finished).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("are done again by others"),
    });
  },
);
