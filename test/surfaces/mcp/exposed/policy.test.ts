import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PolicySetting } from "../../../../src/language/overlays/overlays.ts";
import { openOffer } from "../../../support/open-offer.ts";
import { startUpstream, type Upstream } from "../../../support/upstream.ts";

// What a policy leaves of the tools and resources of a file, and what is asked about.

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());
beforeEach(() => {
  upstream.requests.length = 0;
});

const CAPABILITY = `
info: { label: Ships, tags: [sea] }
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: ""
      resources:
        - name: ship
          path: /ships/{id}
          operations:
            - { name: get-ship, method: GET }
            - { name: put-ship, method: PUT }
            - { name: scrap, method: DELETE }
  exposes:
    - type: mcp
      port: 0
      namespace: tools
      description: Ships
      tools:
        - { name: look, description: Reads, call: api.get-ship }
        - { name: paint, description: Writes, call: api.put-ship, tags: [harbour] }
        - { name: remove, description: Removes, call: api.scrap }
        - { name: say, description: Says, outputParameters: [ { name: text, type: string, value: hello } ] }
        - name: refit
          description: Reads, then writes
          hints: { destructive: true }
          inputParameters: [ { name: id, type: string, description: Which } ]
          steps:
            - { type: call, name: first, call: api.get-ship, with: { id: "{{id}}" } }
            - { type: call, name: then, call: api.put-ship, with: { id: "{{id}}" } }
      resources:
        - { name: one, description: A ship, uri: "ships://{id}", call: api.get-ship }
        - { name: gone, description: No ship, uri: "gone://{id}", call: api.scrap }
`;

const open = (policy: PolicySetting) => openOffer(CAPABILITY, upstream.url, { policy });

describe("a policy leaves the tools", () => {
  it.each<{ policy: PolicySetting; tools: string; templates: string }>([
    { policy: {}, tools: "look paint remove say refit", templates: "one gone" },
    { policy: { readOnly: true }, tools: "look say", templates: "one" },
    { policy: { deny: ["DELETE *"] }, tools: "look paint say refit", templates: "one" },
    { policy: { deny: ["put-ship"] }, tools: "look remove say", templates: "one gone" },
    { policy: { deny: ["look", "tools.say"] }, tools: "paint remove refit", templates: "one gone" },
    { policy: { allow: ["paint", "get-ship"] }, tools: "look paint", templates: "one" },
    { policy: { toolset: ["harbour"] }, tools: "paint", templates: "" },
    { policy: { toolset: ["Sea"] }, tools: "look paint remove say refit", templates: "one gone" },
    { policy: { confirm: "writes" }, tools: "look paint remove say refit", templates: "one gone" },
  ])("$tools by $policy", async ({ policy, tools, templates }) => {
    const { offer, runtime } = await open(policy);
    expect(offer.tools.map(({ name }) => name).join(" ")).toBe(tools);
    expect(offer.resources?.templates.map(({ name }) => name).join(" ")).toBe(templates);
    for (const name of ["look", "paint", "remove", "say", "refit"])
      expect(offer.refusalOf(name) === undefined).toBe(tools.includes(name));
    expect(offer.refusalOf("lok")).toBeUndefined();
    await runtime.close();
  });
});

it("tells what is refused as refused, and sends nothing", async () => {
  const { offer, runtime } = await open({ readOnly: true });
  expect(offer.refusalOf("refit")).toBe(
    "Nothing was sent: refit may not be called, since the policy of the options is read-only, and this sends PUT",
  );
  const { signal } = new AbortController();
  await expect(offer.resources?.read("gone://7", signal)).rejects.toMatchObject({ code: "OPERATION_REFUSED" });
  expect(upstream.requests).toEqual([]);
  await runtime.close();
});

describe("a tool that a person has to confirm", () => {
  it.each<{ policy: PolicySetting; tool: string; asks: boolean }>([
    { policy: { confirm: "writes" }, tool: "look", asks: false },
    { policy: { confirm: "writes" }, tool: "paint", asks: true },
    { policy: { confirm: "writes" }, tool: "refit", asks: true },
    { policy: { confirm: "destructive" }, tool: "paint", asks: false },
    { policy: { confirm: "destructive" }, tool: "remove", asks: true },
    { policy: { confirm: "destructive" }, tool: "refit", asks: true },
  ])("by $policy: $tool $asks", async ({ policy, tool, asks }) => {
    const { offer, runtime } = await open(policy);
    const found = offer.tools.find(({ name }) => name === tool);
    const { signal } = new AbortController();
    const questions: string[] = [];
    const call = (answer: boolean | undefined) => {
      const confirm = async (question: string) => {
        questions.push(question);
        return answer === true;
      };
      return found?.call({ id: "7" }, { caller: "", signal, confirm: answer === undefined ? undefined : confirm });
    };
    if (asks) {
      for (const answer of [undefined, false]) expect(await call(answer)).toMatchObject({ isError: true });
      expect(upstream.requests).toEqual([]);
    }
    expect(await call(true)).toMatchObject({ isError: false });
    // Once for all steps.
    expect(questions).toHaveLength(asks ? 2 : 0);
    for (const question of questions) expect(question).toContain(`Call "${tool}" of`);
    await runtime.close();
  });

  it("is not asked about with wrong arguments", async () => {
    const { offer, runtime } = await open({ confirm: "writes" });
    const found = offer.tools.find(({ name }) => name === "paint");
    const confirm = () => Promise.reject(new Error("asked"));
    const answer = await found?.call({}, { caller: "", signal: new AbortController().signal, confirm });
    expect(answer).toMatchObject({ isError: true });
    expect(JSON.stringify(answer)).toContain("id");
    await runtime.close();
  });
});
