import type { Server } from "@modelcontextprotocol/server";
import type { McpSkills } from "../offer.ts";
import type { ProtocolSettings } from "./call-tool.ts";
import type { Era } from "./era.ts";
import { faultOf } from "./fault-of.ts";
import { handleRequest, textOf } from "./handle-request.ts";
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
    if (params["cursor"] !== undefined)
      throw new ProtocolFault(INVALID_PARAMS, "Invalid params: the cursor is unknown");
    const skills = await offered()
      ?.list()
      .catch((error: unknown) => {
        throw faultOf(error, report);
      });
    return { skills: skills ?? [], ...cache };
  });
  handleRequest(server, "skills/get", async params => {
    const uri = textOf(params, "uri");
    const skill = await offered()
      ?.get(uri)
      .catch((error: unknown) => {
        throw faultOf(error, report);
      });
    if (skill === undefined)
      throw new ProtocolFault(INVALID_PARAMS, `Skill not found: ${JSON.stringify(uri.slice(0, 200))}`, { uri });
    return { skill, ...cache };
  });
}
