import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { CapabilityError } from "../../../base/capability-error.ts";
import { countOf } from "../../../base/count-of.ts";
import type { OpenOptions } from "../../../engine/open-options.ts";
import { compareCapabilities } from "../../../language/model/compare/compare-capabilities.ts";
import type { CapabilityModel } from "../../../language/model/types.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { openWritten } from "../open-named.ts";
import { changeLine } from "../print-changes.ts";
import { type Line, printLines } from "../printed-text.ts";
import { lockedCapability, placedFiles } from "./add.ts";
import { type AddedFolder, addedFolder } from "./added-folder.ts";
import { changeLock, type Lock, type LockedCapability } from "./lock-file.ts";
import { type PlacedFile, placeFiles, type Refusal, readAdded, sha256 } from "./place-files.ts";
import { publishedSource } from "./published-source.ts";
import { readPublished } from "./read-published.ts";
import { readLockOf, selectAdded } from "./select-added.ts";
import { openStaged } from "./stage-files.ts";

interface UpdateOptions {
  /** Names or paths of the capabilities; none for all. */
  readonly names: readonly string[];
  readonly dir: string | undefined;
  /** Replace files that were changed here. */
  readonly force: boolean;
  readonly open: OpenOptions;
}

/**
 * Runs `naftiko add --update`: reads the sources of added files again. One that cannot be updated does not keep the
 * others from it.
 */
export async function updateAdded(options: UpdateOptions, context: CommandContext): Promise<ExitCode> {
  const place = addedFolder(options.dir, context.cwd);
  const lock = await readLockOf(place);
  const failures: CapabilityError[] = [];
  for (const [name, locked] of selectAdded(lock, options.names)) {
    context.signal.throwIfAborted();
    try {
      const lines = await update(name, locked, { lock, place, options }, context);
      context.stdout.write(printLines(lines));
    } catch (error) {
      if (!(error instanceof CapabilityError) || error.code === "ABORTED") throw error;
      failures.push(error);
    }
  }
  const [first, ...others] = failures;
  if (first === undefined) return exitCode.done;
  context.stderr.write(printLines(others.map(({ message }) => `error: ${message}`)));
  throw first;
}

interface Updating {
  readonly lock: Lock;
  readonly place: AddedFolder;
  readonly options: UpdateOptions;
}

/** Updates a capability, and returns what it did as lines. */
async function update(
  name: string,
  locked: LockedCapability,
  { lock, place, options }: Updating,
  context: CommandContext,
): Promise<Line[]> {
  const file = path.join(place.root, ...name.split("/"));
  const folder = path.dirname(file);
  const source = publishedSource(locked.source, place.root);
  const published = await readPublished(source, path.basename(file), options.open, context);
  const { model } = await openStaged(published, context);
  const before = await modelOf(file, context);
  const entry = lockedCapability(published, source, folder, place);
  const files = placedFiles(published, folder);
  if (!options.force && isSameEntry(entry, locked) && (await isEdited(files, place)))
    return [`${name} is as its source has it, but for changes made here`];
  const isChanged = await placeFiles(files, place, editRefusal(lock, options, context));
  await changeLock(place.lock, now => now.set(name, entry));
  if (!isChanged) return [`${name} is up to date`];
  const changes = before === undefined ? [] : compareCapabilities(before, model);
  const left = changes.length - MOST_CHANGES;
  return [
    `${name} is updated`,
    ...changes.slice(0, MOST_CHANGES).map(changeLine),
    ...(left > 0 ? [`… and ${countOf(left, "other change")}`] : []),
  ];
}

/** Most changes of a capability that are told. */
const MOST_CHANGES = 50;

/** Returns the capability of a file, or `undefined` if there is none that can run. */
async function modelOf(file: string, context: CommandContext): Promise<CapabilityModel | undefined> {
  try {
    return (await openWritten(file, { env: {} }, {}, context)).model;
  } catch (error) {
    if (error instanceof CapabilityError) return undefined;
    throw error;
  }
}

function isSameEntry(entry: LockedCapability, locked: LockedCapability): boolean {
  const hashes = ({ sha256: own, imports }: LockedCapability) => [
    own,
    ...[...imports].map(([file, imported]) => `${file} ${imported.sha256}`).sort(),
  ];
  return isDeepStrictEqual(hashes(entry), hashes(locked));
}

/** Tells whether one of the files that are there has another content than its source. */
async function isEdited(files: readonly PlacedFile[], place: AddedFolder): Promise<boolean> {
  for (const { file, text } of files) {
    const content = await readAdded(file, place);
    if (content !== undefined && !content.equals(Buffer.from(text))) return true;
  }
  return false;
}

/** Refuses to replace files that somebody has changed here, unless the user says otherwise. */
function editRefusal(lock: Lock, { force }: UpdateOptions, { terminal }: CommandContext): Refusal {
  const known = new Set<string>();
  for (const [name, locked] of lock)
    for (const [file, { sha256: expected }] of [[name, locked] as const, ...locked.imports])
      known.add(`${file} ${expected}`);
  return async (file, content) => {
    const found = `${file} ${sha256(content)}`;
    if (force || known.has(found)) return undefined;
    if (terminal !== undefined) {
      const { Asker } = await import("../ask.ts");
      const message = `${file} has changed since it was added. Replace it?`;
      if (await new Asker(terminal).yesNo({ message, usual: false })) {
        // It is asked about once.
        known.add(found);
        return undefined;
      }
    }
    return "has changed since it was added; --force replaces it";
  };
}
