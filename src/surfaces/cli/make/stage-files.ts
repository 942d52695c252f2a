import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isCapabilityError } from "../../../base/capability-error.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import { invalidCapability } from "../../../language/document/document.ts";
import type { CommandContext } from "../command-context.ts";
import { openWritten } from "../open-named.ts";
import type { PublishedFile } from "./read-published.ts";

/**
 * Opens a capability that is in no folder yet, with the files that it imports, and returns it.
 *
 * @throws CapabilityError `CAPABILITY_INVALID` with the places in the files as they are published
 */
export async function openStaged(
  files: readonly [PublishedFile, ...PublishedFile[]],
  context: CommandContext,
): Promise<Runtime> {
  const [first] = files;
  const stage = await mkdtemp(path.join(tmpdir(), "naftiko-add-"));
  try {
    for (const { name, text } of files) {
      const file = path.join(stage, ...name.split("/"));
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    return await openWritten(path.join(stage, first.name), { env: {} }, {}, context);
  } catch (error) {
    if (!isCapabilityError(error, "CAPABILITY_INVALID")) throw error;
    const sources = new Map(files.map(({ name, source }) => [path.join(stage, ...name.split("/")), source]));
    const findings = error.details.diagnostics.map(found => ({
      ...found,
      message: withoutStage(found.message, stage),
      source: found.source && { ...found.source, file: sources.get(found.source.file) ?? found.source.file },
    }));
    throw invalidCapability({ file: first.source, name: first.name }, findings);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Writes the names of files in the folder that nobody sees as they are in theirs. */
function withoutStage(message: string, stage: string): string {
  return message.replaceAll(stage + path.sep, "").replaceAll(stage, "its folder");
}
