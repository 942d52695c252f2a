import { createHash } from "node:crypto";
import { isJsonObject, type JsonObject } from "../../../base/json-object.ts";
import { yamlText } from "../../../base/yaml-text.ts";
import { parseSettledYaml } from "../../../language/document/parse-yaml.ts";
import { isSkillName } from "../../../language/document/skill-name.ts";
import type { Skill, SkillTool } from "../../../language/model/exposed/types.ts";
import type { FolderFile, ServedFolder } from "../../../serving/folder/served-folder.ts";
import { agentLine, agentText } from "../../../tools/agent-text.ts";
import type { SkillEntry } from "../offer.ts";

/** File that every skill has (Agent Skills). */
export const MANIFEST = "SKILL.md";
/** Longest texts of a manifest (Agent Skills). Clients refuse the whole list for one entry that breaks a rule. */
const LONGEST_DESCRIPTION = 1_024;
const LONGEST_COMPATIBILITY = 500;
/** Bounds of a skill whose files are digested (SEP-2640). */
const MOST_FILES = 512;
const MOST_BYTES = 16 * 1024 * 1024;

/** A skill as agents read it. */
export interface PublishedSkill {
  readonly entry: SkillEntry;
  /** What its URIs begin with, with a slash at the end. */
  readonly root: string;
  readonly folder: ServedFolder | undefined;
  /** Text of the manifest, where the folder has none. */
  readonly manifest: string | undefined;
}

/**
 * Makes the entry of a skill. A skill without a manifest gets one that tells of its tools.
 *
 * @param files those of the folder
 * @returns `undefined` for a skill that agents do not take
 * @throws FolderProblem
 */
export async function publishSkill(
  skill: Skill,
  folder: ServedFolder | undefined,
  files: readonly FolderFile[],
): Promise<PublishedSkill | undefined> {
  const hasManifest = files.some(({ path }) => path === MANIFEST);
  const written = hasManifest ? (await folder?.read(MANIFEST, MOST_BYTES))?.bytes.toString("utf8") : undefined;
  const made = written === undefined ? manifestOf(skill) : undefined;
  const frontmatter = await frontmatterOf(written ?? made?.text ?? "");
  if (frontmatter === undefined) return undefined;
  const root = `skill://${frontmatter.name}/`;
  const isSmall =
    files.length < MOST_FILES && files.reduce((sum, { size }) => sum + size, 0) <= MOST_BYTES && folder !== undefined;
  const resources: ReturnType<typeof digested>[] = [];
  if (made !== undefined) resources.push(digested(`${root}${MANIFEST}`, Buffer.from(made.text)));
  if (isSmall) {
    for (const { path } of files)
      resources.push(digested(`${root}${path}`, (await folder.read(path, MOST_BYTES)).bytes));
  }
  const isWhole = folder === undefined || isSmall;
  const entry = { uri: `${root}${MANIFEST}`, frontmatter, resources: isWhole ? resources : ("dynamic" as const) };
  return { entry, root, folder, manifest: made?.text };
}

function digested(uri: string, bytes: Buffer) {
  return { uri, digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`, size: bytes.length };
}

/** Reads what stands at the beginning of a manifest. `undefined` where agents would refuse it. */
async function frontmatterOf(text: string): Promise<(JsonObject & { readonly name: string }) | undefined> {
  const [, yaml] = /^\uFEFF?---\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)/s.exec(text) ?? [];
  const value = yaml === undefined ? undefined : await parseSettledYaml(yaml, MANIFEST).catch(() => undefined);
  if (!isJsonObject(value)) return undefined;
  const { name, description, compatibility, metadata } = value;
  const isTaken =
    typeof name === "string" &&
    isSkillName(name) &&
    isTextOf(description, LONGEST_DESCRIPTION) &&
    (compatibility === undefined || isTextOf(compatibility, LONGEST_COMPATIBILITY)) &&
    (metadata === undefined ||
      (isJsonObject(metadata) && Object.values(metadata).every(member => typeof member === "string")));
  return isTaken ? { ...value, name } : undefined;
}

function isTextOf(value: unknown, longest: number): boolean {
  return typeof value === "string" && value !== "" && value.length <= longest;
}

/** Writes the manifest of a skill that has none. */
function manifestOf(skill: Skill): { readonly text: string } {
  const { name, description, license, compatibility, metadata, allowedTools, tools } = skill;
  const frontmatter = Object.entries({
    name,
    description: agentLine(description, LONGEST_DESCRIPTION),
    license,
    compatibility: compatibility === undefined ? undefined : agentLine(compatibility, LONGEST_COMPATIBILITY),
    "allowed-tools": allowedTools,
    metadata: metadata.size === 0 ? undefined : Object.fromEntries(metadata),
  }).filter(([, value]) => value !== undefined);
  const lines = [
    "---",
    yamlText(Object.fromEntries(frontmatter)).trimEnd(),
    "---",
    "",
    `# ${agentLine(name, 200)}`,
    "",
    agentText(description, 5_000),
    ...(tools.length === 0 ? [] : ["", "## Tools", "", ...tools.map(toolLine)]),
    "",
  ];
  return { text: lines.join("\n") };
}

function toolLine(tool: SkillTool): string {
  const about = `- ${agentLine(tool.name, 200)}: ${agentLine(tool.description, 1_000)}`;
  return tool.kind === "instruction"
    ? `${about} Read [${tool.file}](${tool.file}).`
    : `${about} Call ${agentLine(tool.action, 200)} of ${agentLine(tool.namespace, 200)}.`;
}
