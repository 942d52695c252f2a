import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { CapabilityError } from "../../src/base/capability-error.ts";
import type { Inputs } from "../../src/engine/request/check-inputs.ts";
import type { Overlays } from "../../src/language/overlays/overlays.ts";
import { openCapability } from "../../src/library/open-capability.ts";
import type { HttpRequest } from "../../src/net/http-request.ts";
import { fileNameOf, readBlocks, root } from "../docs/page.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

// The ten files of docs/overlays.md: what a call of each comes to without its overlay, and with it.

interface UsableFile {
  readonly name: string;
  readonly operation: string;
  readonly inputs?: Inputs;
  readonly profile?: string;
  /** The error's code, or the request that is not what the API wants. */
  readonly without: string | Expected;
  readonly withOverlay: Expected;
}

interface Expected {
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const env = {
  FORGE_KEY: "forge",
  CHAT_KEY: "chat",
  CRM_KEY: "crm",
  EDGE_KEY: "edge",
  EDGE_EMAIL: "ops@acme.test",
  SHOP_KEY: "shop",
  GATE_KEY: "gate",
  COMPANY_MAIL_KEY: "mail",
  PAY_KEY: "pay",
};

const files: readonly UsableFile[] = [
  {
    name: "artifacts",
    operation: "list-artifacts",
    inputs: { owner: "acme", repo: "shop" },
    without: "BASE_URI_MISSING",
    withOverlay: {
      url: "https://forge.example/api/repos/acme/shop/artifacts",
      headers: { authorization: "Bearer forge", "x-api-version": "2026-11-01" },
    },
  },
  {
    name: "approvals",
    operation: "approve",
    inputs: { body: { id: 7 } },
    without: "INPUT_MISSING",
    withOverlay: {
      url: "https://chat.example/api/admin.approve",
      headers: { token: "chat" },
      body: '{"id":7}',
    },
  },
  {
    name: "flags",
    operation: "get-flag",
    inputs: { flag: "beta" },
    without: { url: "https://crm.example/flags/beta?hapikey=crm", headers: {} },
    withOverlay: { url: "https://crm.example/flags/beta", headers: { authorization: "Bearer crm" } },
  },
  {
    name: "accounts",
    operation: "list-accounts",
    without: { headers: { authorization: "Bearer edge" } },
    withOverlay: { headers: { "x-auth-key": "edge", "x-auth-email": "ops@acme.test" } },
  },
  {
    name: "collections",
    operation: "list-collections",
    without: "INPUT_MISSING",
    withOverlay: {
      url: "https://acme.shop.example/admin/2026-10/collections.json",
      headers: { "x-shop-token": "shop" },
    },
  },
  {
    name: "conversations",
    operation: "getconversationsinfo",
    inputs: { channel: "C1" },
    without: "BASE_URI_MISSING",
    withOverlay: {
      url: "https://chat.example/api/conversations.info?channel=C1",
      headers: { authorization: "Bearer chat" },
    },
  },
  {
    name: "gate",
    operation: "list-applications",
    profile: "staging",
    without: { url: "http://localhost:8084/applications" },
    withOverlay: { url: "https://gate.staging.example/applications" },
  },
  {
    name: "mailings",
    operation: "list-mailings",
    without: "BIND_MISSING",
    withOverlay: { headers: { authorization: `Basic ${Buffer.from("api:mail").toString("base64")}` } },
  },
  {
    name: "backups",
    operation: "list-backups",
    without: "INPUT_MISSING",
    withOverlay: {
      url: "https://tables.eu-1.example/",
      headers: { "x-target": "Tables.ListBackups", "content-type": "application/x-amz-json-1.0" },
      body: '{"Limit":10}',
    },
  },
  {
    name: "pay-accounts",
    operation: "get-account",
    without: { headers: { authorization: "Bearer pay" } },
    withOverlay: { headers: { authorization: "Bearer pay", "pay-version": "2026-10-28" } },
  },
];

const page = new Map(
  readBlocks(readFileSync(path.join(root, "docs", "overlays.md"), "utf8")).map(block => [
    fileNameOf(block),
    block.text,
  ]),
);

describe("an overlay makes a file usable:", () => {
  it.each(files)("$name", async ({ name, operation, inputs = {}, profile, without, withOverlay }) => {
    const folder = await temporaryFolder({ [`${name}.yaml`]: page.get(`capabilities/${name}.yaml`) ?? "" });
    const overlays = parse(page.get(`${name}.config.yaml`) ?? "") as Overlays;
    const file = path.join(folder, `${name}.yaml`);

    const before = await outcome(async () => (await openCapability(file, { env })).prepare(operation, inputs));
    if (typeof without === "string") expect(before).toBe(without);
    else expectRequest(before, without);

    const chosen = profile === undefined ? {} : { profile };
    const capability = await openCapability(file, { env, overlays, ...chosen });
    expectRequest(own(await capability.prepare(operation, inputs)), withOverlay);
  });

  it("ten of them", () => {
    const configurations = [...page.keys()].filter(
      name => name?.endsWith(".config.yaml") && name !== "naftiko.config.yaml" && name !== "broken.config.yaml",
    );
    expect(configurations.toSorted()).toEqual(files.map(({ name }) => `${name}.config.yaml`).toSorted());
    expect(configurations).toHaveLength(10);
  });
});

/** Headers that are expected are all there are, but for the type of a body. */
function expectRequest(request: unknown, expected: Expected): void {
  expect(request).toMatchObject(expected);
  if (expected.headers === undefined) return;
  const { "content-type": _type, ...headers } = (request as HttpRequest).headers;
  expect({ ...headers, ...expected.headers }).toEqual(expected.headers);
}

async function outcome(prepare: () => Promise<HttpRequest>): Promise<string | object> {
  try {
    return own(await prepare());
  } catch (error) {
    if (error instanceof CapabilityError) return error.code;
    throw error;
  }
}

/** Returns a request without the headers that every one has. */
function own({ headers, ...request }: HttpRequest): object {
  const { accept: _accept, "user-agent": _agent, ...others } = headers;
  return { ...request, headers: others };
}
