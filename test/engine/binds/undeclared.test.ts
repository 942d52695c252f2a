import path from "node:path";
import { describe, expect, it } from "vitest";
import type { OpenOptions } from "../../../src/engine/open-options.ts";
import type { Capability } from "../../../src/library/capability.ts";
import { openCapability } from "../../../src/library/open-capability.ts";
import { openText } from "../../support/open-text.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const ENV = { TOKEN: "t0ken-value", KEY_X: "k3y-value", SHOP: "sh0p-value" };

interface Case {
  readonly what: string;
  readonly binds: string;
  readonly token?: string;
  readonly header?: string;
  readonly body?: string;
  readonly options?: OpenOptions;
}

function open(row: Case): Promise<Capability> {
  return openText(textOf(row), { env: ENV, ...row.options });
}

function textOf({ binds, token, header, body }: Case): string {
  return `
naftiko: 1.0.0-alpha3
binds: ${binds}
capability:
  consumes:
  - type: http
    namespace: api
    baseUri: https://api.test
    ${token === undefined ? "" : `authentication: { type: bearer, token: ${JSON.stringify(token)} }`}
    resources:
    - name: r
      path: /
      operations:
      - name: op
        method: POST
        ${header === undefined ? "" : `inputParameters: [{ name: h, in: header, value: ${JSON.stringify(header)} }]`}
        ${body === undefined ? "" : `body: { type: json, data: { member: ${JSON.stringify(body)} } }`}
`;
}

const OPEN = "[{ namespace: env, keys: { OTHER: OTHER } }]";
const LOCATED = "[{ namespace: shop, location: file:///./x.yaml, keys: { SHOP_KEY: key } }]";
const BOTH = `[{ namespace: env, keys: { A: A } }, { namespace: env, location: file:///./x.yaml, keys: { B: b } }]`;

const LOCATED_OVERLAY = { namespace: "env", location: "file:///./x.yaml", keys: { OTHER: "key" } };

const READ: readonly (Case & { readonly sent: readonly string[] })[] = [
  { what: "in a credential", binds: OPEN, token: "{{env.TOKEN}}", sent: ["Bearer t0ken-value"] },
  { what: "in a header", binds: OPEN, header: "a {{ env.KEY_X }} b", sent: ["a k3y-value b"] },
  {
    what: "of a bind of any name",
    binds: "[{ namespace: my-shop, keys: { OTHER: OTHER } }]",
    header: "{{my-shop.SHOP}}",
    sent: ["sh0p-value"],
  },
  { what: "in a body", binds: OPEN, body: "{{env.SHOP}}", sent: ['{"member":"sh0p-value"}'] },
  {
    what: "twice, beside a declared one",
    binds: "[{ namespace: env, keys: { RENAMED: SHOP } }]",
    token: "{{env.TOKEN}}",
    header: "{{env.RENAMED}} {{env.TOKEN}}",
    sent: ["sh0p-value t0ken-value", "Bearer t0ken-value"],
  },
  {
    what: "of a bind whose declared variables an overlay locates elsewhere",
    binds: "[{ namespace: env, keys: { OTHER: OTHER } }]",
    token: "{{env.TOKEN}}",
    options: { overlays: { capabilities: { "*": { binds: [LOCATED_OVERLAY] } } } },
    sent: ["Bearer t0ken-value"],
  },
];

const AUTHENTICATION = "/capability/consumes/0/authentication";
const OPERATION = "/capability/consumes/0/resources/0/operations/0";

const REFUSED: readonly (Case & { readonly says: string; readonly pointer?: string })[] = [
  {
    what: "a name of a bind with a location",
    binds: LOCATED,
    header: "{{shop.SHOP_KEYY}}",
    says: 'shop.SHOP_KEYY (no bind declares it: add it to binds; did you mean "SHOP_KEY"?)',
    pointer: `${OPERATION}/inputParameters/0`,
  },
  {
    what: "a name of a namespace of which one bind has a location",
    binds: BOTH,
    token: "{{env.TOKEN}}",
    says: "env.TOKEN (no bind declares it",
    pointer: `${AUTHENTICATION}/token`,
  },
  { what: "a namespace without a bind", binds: LOCATED, token: "{{env.TOKEN}}", says: "env.TOKEN (no bind" },
  {
    what: "a name without a namespace in a credential",
    binds: "[{ namespace: env, keys: { SHOP_TOKEN: TOKEN } }]",
    token: "{{TOKEN}}",
    says: 'TOKEN (no bind declares it: add it to binds; did you mean "SHOP_TOKEN"?)',
    pointer: `${AUTHENTICATION}/token`,
  },
  {
    what: "a name without a namespace in a header",
    binds: "[{ namespace: env, keys: { SHOPS: SHOP } }]",
    header: "{{SHOP}}",
    says: 'SHOP (no bind declares it: add it to binds; did you mean "SHOPS"?)',
  },
  { what: "a name without a namespace in a body", binds: OPEN, body: "{{SHOP}}", says: "SHOP (no bind declares it" },
  {
    what: "a name of a bind with a location in a body",
    binds: LOCATED,
    body: "x {{shop.KEY}}",
    says: "shop.KEY (no bind declares it",
    pointer: `${OPERATION}/body/data`,
  },
  {
    what: "braces that are missing in a credential",
    binds: OPEN,
    token: "{OTHER}",
    says: "{OTHER} (it would be sent as it stands: write {{OTHER}})",
    pointer: `${AUTHENTICATION}/token`,
  },
  { what: "a name that the environment lacks", binds: OPEN, token: "{{env.NONE}}", says: "which does not declare it" },
  {
    what: "a name that every object has",
    binds: OPEN,
    token: "{{env.constructor}}",
    says: "looked for environment variable constructor",
  },
  { what: "the relic without a declaration", binds: OPEN, token: "{{$env.TOKEN}}", says: "$env.TOKEN (no bind" },
];

describe("a variable that no bind declares", () => {
  it.each(READ)("is read from the environment in the namespace of a bind without location: $what", async row => {
    const capability = await open(row);
    const { headers, body } = await capability.prepare("op");
    expect([headers["h"], headers["authorization"], body].filter(text => text !== undefined)).toEqual(row.sent);
  });

  it.each(REFUSED)("fails the call: $what", async row => {
    const capability = await open(row);
    await expect(capability.prepare("op")).rejects.toMatchObject({
      code: "BIND_MISSING",
      message: expect.stringContaining(row.says),
    });
  });

  it.each(REFUSED.filter(({ pointer }) => pointer !== undefined))("is shown where it stands: $what", async row => {
    const folder = await temporaryFolder({ "shop.yaml": textOf(row) });
    const capability = await openCapability(path.join(folder, "shop.yaml"), { env: ENV });
    await expect(capability.prepare("op")).rejects.toMatchObject({ source: { pointer: row.pointer } });
  });

  it("is masked as any other", async () => {
    const capability = await open({ what: "", binds: OPEN, token: "{{env.TOKEN}}", header: "x\n{{env.KEY_X}}" });
    const error: unknown = await capability.prepare("op").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "INPUT_INVALID" });
    expect(String(error)).not.toContain("k3y-value");
  });
});
