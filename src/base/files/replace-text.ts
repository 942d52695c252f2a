import { changeFile } from "./change-file.ts";

/**
 * Writes a text over the one that was read before and that it was made of.
 *
 * @throws Error with the reason: among others, that the file holds another text by now
 */
export async function replaceText(file: string, before: string, after: string): Promise<void> {
  await changeFile(file, now => {
    // Another process may have come to the same end.
    if (now !== before && now !== after) throw new Error("it has changed meanwhile; run the command again");
    return after;
  });
}
