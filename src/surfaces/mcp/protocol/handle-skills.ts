import type { Server } from "@modelcontextprotocol/server";
import type { McpSkills } from "../offer.ts";
import type { ProtocolSettings } from "./call-tool.ts";
import type { Era } from "./era.ts";
import { handleRequest, requireFirstPage, textOf, told } from "./handle-request.ts";
import { INVALID_PARAMS, ProtocolFault } from "./protocol-fault.ts";

/** Name of the extension by which agents find skills (SEP-2640). */
export const SKILLS_EXTENSION = "io.modelcontextprotocol/skills";

/** Answers requests of the extension for skills. Their files are read as resources. */
export function handleSkills(
  server: Server,
  offered: () => McpSkills | undefined,
  era: Era,
  { report }: ProtocolSettings,
): void {
  // Lists of skills say how long they hold, as the other lists do.
  const cache = era === "modern" ? { ttlMs: 0, cacheScope: "private" } : {};
  handleRequest(server, "skills/list", async params => {
    requireFirstPage(params);
    const skills = await told(report, async () => (await offered()?.list()) ?? []);
    return { skills, ...cache };
  });
  handleRequest(server, "skills/get", async params => {
    const uri = textOf(params, "uri");
    const skill = await told(report, async () => offered()?.get(uri));
    if (skill === undefined)
      throw new ProtocolFault(INVALID_PARAMS, `Skill not found: ${JSON.stringify(uri.slice(0, 200))}`, { uri });
    return { skill, ...cache };
  });
}
