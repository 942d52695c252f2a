import type { FastifyReply, FastifyRequest } from "fastify";
import { getOrSet } from "../../base/get-or-set.ts";
import type { JsonObject } from "../../base/json-object.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { Skill, SkillAdapter } from "../../language/model/exposed/types.ts";
import { FolderArchive } from "../../serving/folder/folder-archive.ts";
import { FolderProblem, operatorError } from "../../serving/folder/folder-problem.ts";
import { folderPlaces, ServedFolder } from "../../serving/folder/served-folder.ts";
import { followRequest } from "../../serving/follow-request.ts";
import type { Handle } from "../../serving/listener.ts";
import { pathProblem } from "../../serving/path-problem.ts";
import { Refusal } from "../../serving/refusal.ts";
import { sendText } from "../../serving/send-answer.ts";
import { describeSkill, describeSkills } from "./describe-skill.ts";
import { sendFile } from "./send-file.ts";

/** Files of a skill, one by one and as an archive. */
interface SkillFolder {
  readonly files: ServedFolder;
  readonly archive: FolderArchive;
}

/** A request for something of a skill. */
interface SkillRequest {
  readonly skill: Skill;
  /** Decoded segments behind those of the route. */
  readonly rest: readonly string[];
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A route below a skill. */
interface SkillRoute {
  /** As numbers and traces name it. */
  readonly path: string;
  /** Segments behind the name of the skill. */
  readonly segments: readonly string[];
  /** Whether more of them follow. */
  readonly takesMore: boolean;
  answer(given: SkillRequest): void | Promise<void>;
}

/** Answers requests for the skills of an adapter (language chapter 7.4). It runs nothing. */
export function createSkillHandler(
  adapter: SkillAdapter,
  runtime: Runtime,
  report: (error: unknown) => void,
): { readonly handle: Handle } {
  const skills = new Map(adapter.skills.map(skill => [skill.name, skill]));
  const folders = new Map<Skill, SkillFolder>();
  const folderOf = ({ skill }: SkillRequest): SkillFolder => {
    const { folder } = skill;
    if (folder === undefined) throw new Refusal(404, "The skill has no files");
    return getOrSet(folders, skill, () => {
      const files = new ServedFolder(folder.location, folder.directory, folderPlaces(runtime));
      return { files, archive: new FolderArchive(files) };
    });
  };
  const routes: readonly SkillRoute[] = [
    {
      path: "/skills/{name}",
      segments: [],
      takesMore: false,
      answer: given => sendJson(given, describeSkill(given.skill, runtime.exposed.adapters)),
    },
    {
      path: "/skills/{name}/contents",
      segments: ["contents"],
      takesMore: false,
      async answer(given) {
        const files = await folderOf(given).files.list();
        const listed = files.map(({ path, size, mediaType }) => ({ path, size, type: mediaType }));
        sendJson(given, { name: given.skill.name, files: listed });
      },
    },
    {
      path: "/skills/{name}/contents/{file}",
      segments: ["contents"],
      takesMore: true,
      answer: given => sendFile(folderOf(given).files, given.rest, given),
    },
    {
      path: "/skills/{name}/download",
      segments: ["download"],
      takesMore: false,
      async answer(given) {
        const { request, reply, skill } = given;
        const archive = await folderOf(given).archive.pack();
        const name = skill.name.replace(/[^\w.-]/g, "_");
        reply.raw.setHeader("content-disposition", `attachment; filename="${name}.zip"`);
        sendText(request, reply, 200, "application/zip", archive);
      },
    },
  ];

  const answer = (path: string, request: FastifyRequest, reply: FastifyReply): void | Promise<void> => {
    const served = followRequest("skill", runtime, request, reply);
    const problem = pathProblem(path);
    if (problem !== undefined) throw new Refusal(400, problem);
    const [, first, name, ...rest] = path.split("/").map(decodeURIComponent);
    if (first !== "skills") throw new Refusal(404, "There is no such route");
    const found = name === undefined ? undefined : findRoute(routes, rest);
    if (name !== undefined && found === undefined) throw new Refusal(404, "There is no such route");
    const route = found?.path ?? "/skills";
    const skill = name === undefined ? undefined : skills.get(name);
    served?.found({ route, reference: `${adapter.namespace}${route.replace("{name}", skill?.name ?? "{name}")}` });
    if (answerMethod(request, reply)) return;
    if (found === undefined) return sendJson({ request, reply }, describeSkills(adapter.skills));
    if (skill === undefined) throw new Refusal(404, "There is no such skill");
    return found.answer({ skill, rest: rest.slice(found.segments.length), request, reply });
  };

  return {
    async handle(request, reply, target) {
      const end = target.indexOf("?");
      try {
        await answer(end < 0 ? target : target.slice(0, end), request, reply);
      } catch (error) {
        if (!(error instanceof FolderProblem)) throw error;
        // The operator alone can mend these, and what a location names.
        if (error.kind === "failed" || error.kind === "tooLarge" || error.cause !== undefined)
          report(operatorError(error));
        throw new Refusal(STATUSES[error.kind], error.message);
      }
    },
  };
}

const STATUSES: Readonly<Record<FolderProblem["kind"], number>> = {
  unsafe: 400,
  absent: 404,
  tooLarge: 500,
  failed: 500,
};

function findRoute(routes: readonly SkillRoute[], rest: readonly string[]): SkillRoute | undefined {
  return routes.find(
    ({ segments, takesMore }) =>
      segments.every((segment, at) => segment === rest[at]) &&
      (takesMore ? rest.length > segments.length : rest.length === segments.length),
  );
}

/**
 * Answers `OPTIONS`.
 *
 * @returns whether it has
 * @throws Refusal 405 for another method that does not read
 */
function answerMethod({ method }: FastifyRequest, reply: FastifyReply): boolean {
  if (method === "GET" || method === "HEAD") return false;
  const headers = { allow: "GET, HEAD, OPTIONS" };
  if (method !== "OPTIONS") throw new Refusal(405, "The route takes GET, HEAD", headers);
  reply.hijack();
  reply.raw.writeHead(204, headers).end();
  return true;
}

function sendJson({ request, reply }: Pick<SkillRequest, "request" | "reply">, value: JsonObject): void {
  sendText(request, reply, 200, "application/json", stringify(value) ?? "");
}
