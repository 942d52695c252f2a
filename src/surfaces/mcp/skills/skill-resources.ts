import type { Runtime } from "../../../engine/runtime.ts";
import { FolderProblem, operatorError } from "../../../serving/folder/folder-problem.ts";
import { folderPlaces, ServedFolder } from "../../../serving/folder/served-folder.ts";
import type { McpResources, McpSkills, ResourceContents } from "../offer.ts";
import { readServedFile } from "../read-served-file.ts";
import { MANIFEST, type PublishedSkill, publishSkill } from "./published-skill.ts";

/**
 * Adds the skills of a capability to the resources of one of its servers (SEP-2640): each file of a skill is a resource
 * below `skill://`.
 *
 * @param report told of folders that cannot be read, which only the operator can mend
 */
export function withSkills(
  resources: McpResources | undefined,
  runtime: Runtime,
  report: (error: unknown) => void,
): McpResources | undefined {
  const declared = runtime.exposed.adapters.flatMap(adapter => (adapter.type === "skill" ? adapter.skills : []));
  if (declared.length === 0) return resources;
  const skills = declared.map(skill => {
    const { folder } = skill;
    const served = folder && new ServedFolder(folder.location, folder.directory, folderPlaces(runtime));
    let last: { readonly stamp: string; readonly publishing: ReturnType<typeof publishSkill> } | undefined;
    return async (): Promise<PublishedSkill | undefined> => {
      try {
        const files = (await served?.list()) ?? [];
        // All files are read for their digests: only where one has changed.
        const stamp = files.map(file => `${file.path} ${file.stamp}`).join("\n");
        if (last?.stamp !== stamp) last = { stamp, publishing: publishSkill(skill, served, files) };
        return await last.publishing;
      } catch (error) {
        last = undefined;
        // The others are there all the same.
        if (!(error instanceof FolderProblem)) throw error;
        report(operatorError(error));
        return undefined;
      }
    };
  });
  /** The first of each name. */
  const published = async (): Promise<ReadonlyMap<string, PublishedSkill>> => {
    const found = new Map<string, PublishedSkill>();
    for (const publish of skills) {
      const skill = await publish();
      if (skill !== undefined && !found.has(skill.root)) found.set(skill.root, skill);
    }
    return found;
  };
  const ofSkills: McpSkills = {
    list: async () => Array.from((await published()).values(), ({ entry }) => entry),
    get: async uri => [...(await published()).values()].find(({ entry }) => entry.uri === uri)?.entry,
  };
  return {
    templates: resources?.templates ?? [],
    skills: ofSkills,
    async list() {
      const own = (await resources?.list()) ?? [];
      const manifests = (await ofSkills.list()).map(({ uri, frontmatter }) => ({
        uri,
        name: String(frontmatter["name"]),
        title: undefined,
        description: String(frontmatter["description"]),
        mimeType: "text/markdown",
        size: undefined,
      }));
      return [...own, ...manifests];
    },
    async read(uri, signal, callerFields) {
      const own = await resources?.read(uri, signal, callerFields);
      if (own !== undefined || !uri.startsWith("skill://")) return own;
      const end = uri.indexOf("/", "skill://".length) + 1;
      const skill = (await published()).get(uri.slice(0, end));
      return skill && readFile(skill, uri.slice(end), uri);
    },
  };
}

async function readFile(
  { folder, manifest }: PublishedSkill,
  path: string,
  uri: string,
): Promise<readonly ResourceContents[] | undefined> {
  if (path === MANIFEST && manifest !== undefined) return [{ uri, mimeType: "text/markdown", text: manifest }];
  return folder && readServedFile(folder, path, uri, undefined);
}
