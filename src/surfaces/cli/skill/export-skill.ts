import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { countOf } from "../../../base/count-of.ts";
import type { OpenOptions } from "../../../engine/open-options.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import { isSkillName } from "../../../language/document/skill-name.ts";
import { literalSecrets } from "../../../language/validation/without-literals.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { placeFiles } from "../make/place-files.ts";
import { readPublished } from "../make/read-published.ts";
import { openWritten } from "../open-named.ts";
import { printLines } from "../printed-text.ts";
import { readBindValues } from "../read-bind-values.ts";
import { usageError } from "../usage-error.ts";
import { skillContent } from "./skill-content.ts";
import { skillNameOf } from "./skill-names.ts";
import { skillTexts } from "./skill-texts.ts";

interface ExportSkillOptions {
  readonly capability: string;
  readonly open: OpenOptions;
  /** Folder of the skill if it is new, else the one that the skill's folder is made in; by default the working folder. */
  readonly out: string | undefined;
  /** Replace files that are there with another content. */
  readonly force: boolean;
  /** Print no notes. */
  readonly quiet: boolean;
}

/** Runs `naftiko export skill <capability>`. The file is copied as it is, without the overlays of a configuration. */
export async function exportSkill(options: ExportSkillOptions, context: CommandContext): Promise<ExitCode> {
  const { capability, force, quiet } = options;
  const bindValues = readBindValues([], context);
  const open = { ...options.open, env: context.env };
  const runtime = await openWritten(capability, open, { bindValues, overlays: undefined }, context);
  const folder = folderOf(runtime.model.name, options.out, context.cwd);
  const files = await skillFiles(runtime, path.basename(folder), open, context);
  const place = { capabilities: folder, root: folder, lock: "" };
  await placeFiles(
    [...files].map(([name, text]) => ({ file: path.join(folder, ...name.split("/")), text })),
    place,
    () => (force ? undefined : "is there with another content: --force replaces it"),
  );
  const shown = path.relative(context.cwd, folder) || folder;
  context.stdout.write(printLines([shown]));
  if (!quiet)
    context.stderr.write(printLines([`${shown} is written: SKILL.md and ${countOf(files.size - 1, "other file")}`]));
  return exitCode.done;
}

/** Returns the folder of the skill, whose name is that of the skill. */
function folderOf(capability: string, out: string | undefined, cwd: string): string {
  const name = skillNameOf(capability);
  const wanted = path.resolve(cwd, out ?? name);
  if (out === undefined) return wanted;
  const last = path.basename(wanted);
  const isSkill = last === name || existsSync(path.join(wanted, "SKILL.md")) || !existsSync(wanted);
  if (isSkill && isSkillName(last)) return wanted;
  if (existsSync(wanted) && !statSync(wanted).isDirectory())
    throw usageError(`Cannot write the skill to ${out}: it is a file, and a skill is a folder`);
  return path.join(wanted, name);
}

/** Makes the files of the skill, by path. */
async function skillFiles(
  runtime: Runtime,
  name: string,
  open: OpenOptions,
  context: CommandContext,
): Promise<ReadonlyMap<string, string>> {
  const { file } = runtime.opening.source;
  if (file === undefined) throw usageError("Cannot make a skill of a capability that is no file");
  if (literalSecrets(runtime.document.value).size > 0)
    throw usageError(
      `Cannot make a skill of ${file}: it holds a credential, which the skill would carry along: bind a variable in its place`,
    );
  const own = `${skillNameOf(runtime.model.name)}.yaml`;
  const published = await readPublished({ kind: "file", file }, own, open, context);
  const content = skillContent(runtime, name, `assets/${own}`);
  return new Map([
    ...skillTexts(content),
    ...published.map(({ name: inner, text }) => [`assets/${inner}`, text] as const),
  ]);
}
