import { isCapabilityError } from "../../../base/capability-error.ts";
import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import { bareName } from "../../../language/document/locate.ts";
import { readDocumentText } from "../../../language/document/read-document.ts";
import { configInvalid } from "../../../language/overlays/config-error.ts";
import { usageError } from "../usage-error.ts";
import type { AddedFolder } from "./added-folder.ts";
import { type Lock, type LockedCapability, parseLock } from "./lock-file.ts";

/**
 * Reads the lock of a folder.
 *
 * @throws CapabilityError `CONFIG_INVALID`, also where there is none
 */
export async function readLockOf({ lock }: AddedFolder): Promise<Lock> {
  let text: string;
  try {
    text = readDocumentText(lock);
  } catch (error) {
    if (!isCapabilityError(error, "CAPABILITY_NOT_FOUND") && !isCapabilityError(error, "CAPABILITY_INVALID"))
      throw error;
    throw configInvalid(`${error.message}; "naftiko add" writes it with the first file`);
  }
  return parseLock(text, lock);
}

/**
 * Returns the capabilities that are named, by name or path; all of them if none is.
 *
 * @throws CapabilityError `USAGE` for a name that the lock does not have
 */
export function selectAdded(lock: Lock, names: readonly string[]): readonly (readonly [string, LockedCapability])[] {
  const all = [...lock];
  if (names.length === 0) return all;
  return names.flatMap(name => {
    const found = all.filter(([file]) => file === name || bareName(file) === name);
    if (found.length > 0) return found;
    const known = all.map(([file]) => bareName(file));
    throw usageError(`Nothing was added by the name ${JSON.stringify(name)}${didYouMean(suggest(name, known))}`);
  });
}
