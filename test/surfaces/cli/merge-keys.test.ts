import { expect, it } from "vitest";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const FILE = `
naftiko: 1.0.0-alpha3
binds: [{ namespace: env, keys: { SHOP_TOKEN: SHOP_TOKEN } }]
x-common: &common
  type: http
  authentication: { type: bearer, token: "{{SHOP_TOKEN}}" }
x-place: &place
  baseUri: https://api.test
  inputParameters: [{ name: X-A, in: header, value: "1" }]
capability:
  consumes:
  - <<: *common
    namespace: api
    <<: *place
    resources: [{ name: r, path: /r, operations: [{ name: op, method: GET }] }]
`;

const CONFIG = `
capabilities:
  other: &all { headers: { X-B: "2" } }
  shop:
    <<: [*all, { baseUri: https://other.test }]
`;

it("run sends what merge keys of the capability and the configuration bring", async () => {
  const cwd = await temporaryFolder({ "shop.yaml": FILE, "naftiko.config.yaml": CONFIG });
  const env = { SHOP_TOKEN: "t0ken-value" };
  const { code, stdout } = await runCommand(["run", "./shop.yaml", "op", "--dry-run", "--show-secrets"], { cwd, env });
  expect({ code, lines: stdout.trimEnd().split("\n") }).toEqual({
    code: 0,
    lines: expect.arrayContaining([
      "GET https://other.test/r",
      "x-a: 1",
      "x-b: 2",
      "authorization: Bearer t0ken-value",
    ]),
  });
});
