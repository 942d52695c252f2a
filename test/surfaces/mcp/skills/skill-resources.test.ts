import { writeFile } from "node:fs/promises";
import path from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { SkillsClient } from "@modelcontextprotocol/client/ext/skills";
import { afterAll, describe, expect, test } from "vitest";
import { withSkills } from "../../../../src/surfaces/mcp/skills/skill-resources.ts";
import { connectClient, MODERN, serveStreams } from "../../../support/mcp-clients.ts";
import { sampleOffer } from "../../../support/mcp-offer.ts";
import { openExposed } from "../../../support/open-exposed.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const folder = await temporaryFolder({
  "desk/SKILL.md":
    "---\nname: order-desk\ndescription: Looks orders up\nmetadata: { version: '1.0', since: 2026-01-02 }\n---\n\n# Orders\n",
  "desk/references/returns.md": "Returns é",
  "desk/assets/logo.png": new Uint8Array([0x89, 0x50, 0x4e, 0x47]),
  "bare/guide.md": "Guide",
  "broken/SKILL.md": "no frontmatter",
  "numbers/SKILL.md": "---\nname: numbers\ndescription: d\nmetadata: { version: 1 }\n---\n",
  "secret.txt": "no",
});
const { runtime } = await openExposed(
  `
capability:
  consumes:
    - { type: http, namespace: shop, baseUri: BASE, resources: [ { name: r, path: /orders, operations: [ { name: list, method: GET } ] } ] }
  exposes:
    - { type: mcp, namespace: shop-tools, port: 0, tools: [ { name: list-orders, description: d, call: shop.list } ] }
    - type: skill
      namespace: shop-skills
      port: 0
      skills:
        - { name: desk, description: In the file, location: "file://${folder}/desk" }
        - { name: bare, description: "Has no manifest\\u202E", license: MIT, location: "file://${folder}/bare", tools: [ { name: guide, description: How, instruction: guide.md } ] }
        - { name: no-folder, description: Only tools, metadata: { team: a }, tools: [ { name: orders, description: All orders, from: { sourceNamespace: shop-tools, action: list-orders } } ] }
        - { name: broken, description: Broken, location: "file://${folder}/broken" }
        - { name: numbers, description: Agents refuse it, location: "file://${folder}/numbers" }
        - { name: gone, description: Gone, location: "file://${folder}/gone" }
        - { name: Bad_Name, description: Agents take no such name }
`,
  "https://api.test",
  { folderRoots: [folder] },
);
const reports: unknown[] = [];
const resources = withSkills(sampleOffer().offer.resources, runtime, error => reports.push(error));
const offer = { ...sampleOffer().offer, resources };
afterAll(() => runtime.close());

async function skillsOf(revision: string) {
  const negotiation =
    revision === MODERN
      ? { versionNegotiation: { mode: { pin: revision } } }
      : { supportedProtocolVersions: [revision] };
  const client = new Client({ name: "test", version: "1.0.0" }, negotiation);
  await client.connect(serveStreams(offer).transport as never);
  return { client, skills: new SkillsClient(client) };
}

describe.each(["2025-06-18", "2025-11-25", MODERN])("skills over MCP %s", revision => {
  test("are listed with their files, and read as the official client verifies them", async () => {
    const { client, skills } = await skillsOf(revision);
    expect(skills.supported).toBe(true);
    const { skills: entries } = await skills.list();
    expect(entries.map(({ uri }) => uri)).toEqual([
      "skill://order-desk/SKILL.md",
      "skill://bare/SKILL.md",
      "skill://no-folder/SKILL.md",
    ]);
    for (const entry of entries) {
      expect((await skills.get(entry.uri)).skill).toEqual(entry);
      for (const file of entry.resources === "dynamic" ? [] : entry.resources)
        expect(await skills.read(entry, file.uri)).toMatchObject({ verified: true });
    }
    const [desk, bare, none] = entries;
    expect(desk?.frontmatter).toMatchObject({ name: "order-desk", description: "Looks orders up" });
    expect(desk?.resources).toHaveLength(3);
    expect(bare?.frontmatter).toEqual({ name: "bare", description: "Has no manifest", license: "MIT" });
    const manifest = await skills.read(none as NonNullable<typeof none>);
    expect(manifest.body).toContain("- orders: All orders Call list-orders of shop-tools.");
    await client.close();
  });

  test("follow the files", async () => {
    const { client, skills } = await skillsOf(revision);
    const { skill } = await skills.get("skill://bare/SKILL.md");
    await writeFile(path.join(folder, "bare/guide.md"), "Other");
    await expect(skills.read(skill, "guide.md")).rejects.toMatchObject({ reason: "digest" });
    expect(await skills.read((await skills.get(skill.uri)).skill, "guide.md")).toMatchObject({ text: "Other" });
    await writeFile(path.join(folder, "bare/guide.md"), "Guide");
    await client.close();
  });

  test.each([
    "skill://none/SKILL.md",
    "skill://order-desk",
    "skill://order-desk/",
    "skill://order-desk/none.md",
    "skill://order-desk/../secret.txt",
    "skill://order-desk/%2e%2e/secret.txt",
    "skill://order-desk/..%2fsecret.txt",
    "skill://broken/SKILL.md",
    "skill://gone/SKILL.md",
    "skill://numbers/SKILL.md",
    "skill://Bad_Name/SKILL.md",
  ])("have no %s", async uri => {
    const { client, skills } = await skillsOf(revision);
    await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32602 });
    await expect(skills.get(uri)).rejects.toMatchObject({ code: -32602 });
    await client.close();
  });
});

test("manifests are listed beside the other resources, for clients that know no skills", async () => {
  const client = await connectClient("1", "2024-11-05", serveStreams(offer).transport);
  const { resources: listed } = await client.listResources();
  const manifests = listed.filter(({ uri }) => uri.startsWith("skill://"));
  expect(manifests.map(({ name, mimeType }) => [name, mimeType])).toEqual([
    ["order-desk", "text/markdown"],
    ["bare", "text/markdown"],
    ["no-folder", "text/markdown"],
  ]);
  expect(listed.length).toBeGreaterThan(manifests.length);
  expect(await client.readResource({ uri: "skill://order-desk/assets/logo.png" })).toMatchObject({
    contents: [{ mimeType: "image/png", blob: "iVBORw==" }],
  });
  await client.close();
});

test("a folder that is gone is told to the operator", () => {
  expect(reports.map(String).join("\n")).toContain("there is no folder");
});
