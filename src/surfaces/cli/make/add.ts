import { existsSync } from "node:fs";
import path from "node:path";
import { countOf } from "../../../base/count-of.ts";
import { percentDecode } from "../../../base/percent-decoding.ts";
import { quoteArgument } from "../../../base/quote-argument.ts";
import type { OpenOptions } from "../../../engine/open-options.ts";
import { describeOperation } from "../../../language/model/describe-operation.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { exampleCommand } from "../help.ts";
import { printLines } from "../printed-text.ts";
import { usageError } from "../usage-error.ts";
import { type AddedFolder, addedFolder, lockedPath } from "./added-folder.ts";
import { addedNameProblem } from "./capability-name.ts";
import { changeLock, LOCK_FILE, type LockedCapability } from "./lock-file.ts";
import { type PlacedFile, placeFiles, sha256 } from "./place-files.ts";
import { type PublishedSource, publishedSource } from "./published-source.ts";
import { type PublishedFile, readPublished } from "./read-published.ts";
import { openStaged } from "./stage-files.ts";

interface AddOptions {
  /** Files and https URLs. */
  readonly sources: readonly string[];
  readonly name: string | undefined;
  readonly dir: string | undefined;
  readonly open: OpenOptions;
}

/** Runs `naftiko add <file or URL>…`: copies published capabilities, and records where they come from. */
export async function add({ sources, name, dir, open }: AddOptions, context: CommandContext): Promise<ExitCode> {
  const place = addedFolder(dir, context.cwd);
  if (name !== undefined && sources.length > 1) throw usageError("Option --name goes with one file or URL");
  for (const written of sources) await addOne({ written, name, open }, place, context);
  return exitCode.done;
}

async function addOne(
  { written, name, open }: { readonly written: string; readonly name: string | undefined; readonly open: OpenOptions },
  place: AddedFolder,
  context: CommandContext,
): Promise<void> {
  const { cwd, stdout, stderr } = context;
  const source = publishedSource(written, cwd);
  const bare = name ?? nameOf(source);
  const problem = addedNameProblem(bare);
  if (problem !== undefined)
    throw usageError(`Cannot name an added file ${JSON.stringify(bare)}: it ${problem}; --name gives another name`);
  const file = path.join(place.capabilities, `${bare}.yaml`);
  const other = path.join(place.capabilities, `${bare}.yml`);
  if (existsSync(other)) throw usageError(`${other} is there already: take another name by --name, or remove it`);
  if (source.kind === "file" && source.file === file) throw usageError(`${file} is in its place already`);
  const published = await readPublished(source, `${bare}.yaml`, open, context);
  const runtime = await openStaged(published, context);
  const files = placedFiles(published, place.capabilities);
  await placeFiles(files, place, () => "is there with another content: take another name by --name, or remove it");
  const key = lockedPath(file, place);
  await changeLock(place.lock, lock => lock.set(key, lockedCapability(published, source, place.capabilities, place)));
  const { operations } = runtime.model;
  const [first] = operations;
  const shown = place.root === cwd ? key : file;
  const command =
    first &&
    exampleCommand(
      place.capabilities === addedFolder(undefined, cwd).capabilities ? bare : shown,
      describeOperation(first),
    );
  const lines = [
    `Added ${shown}: ${countOf(operations.length, "operation")}`,
    ...published.slice(1).map(imported => `  with ${imported.name}`),
    `Recorded in ${LOCK_FILE}: ${published[0].source}`,
    ...(command === undefined ? [] : [`Try it: ${command} --mock`]),
  ];
  stdout.write(printLines(lines));
  const warnings = runtime.diagnostics.filter(({ severity }) => severity === "warning").length;
  if (warnings > 0)
    stderr.write(printLines([`note: ${countOf(warnings, "warning")}: naftiko validate ${quoteArgument(shown)} shows`]));
}

function nameOf(source: PublishedSource): string {
  const base = source.kind === "file" ? path.basename(source.file) : path.posix.basename(new URL(source.url).pathname);
  return percentDecode(base).replace(/\.(?:ya?ml|json)$/i, "");
}

/** Returns the files with their places below the folder of the capability. */
export function placedFiles(files: readonly PublishedFile[], folder: string): PlacedFile[] {
  return files.map(({ name, text }) => ({ file: path.join(folder, ...name.split("/")), text }));
}

/**
 * Returns what the lock says about a capability that was added.
 *
 * @param folder the one that its file is in
 */
export function lockedCapability(
  [first, ...others]: readonly [PublishedFile, ...PublishedFile[]],
  { kind }: PublishedSource,
  folder: string,
  place: AddedFolder,
): LockedCapability {
  const entry = ({ text, source }: PublishedFile) => ({
    source: kind === "url" ? source : lockedPath(source, place),
    sha256: sha256(text),
  });
  const imports = others.map(
    file => [lockedPath(path.join(folder, ...file.name.split("/")), place), entry(file)] as const,
  );
  return { ...entry(first), imports: new Map(imports) };
}
