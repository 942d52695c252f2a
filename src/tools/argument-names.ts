import { createHash } from "node:crypto";

/** Names that every model accepts for a property. */
const ACCEPTED = /^[A-Za-z0-9_.-]{1,64}$/;
const LONGEST_NAME = 64;

/**
 * Names the arguments of one tool, each once: as the file names the inputs, or, where models do not accept that, as near
 * to it as they do: `page_size` for `page[size]`, `top` for `$top`.
 */
export function argumentNames(keys: readonly string[]): string[] {
  const used = new Set(keys.filter(key => ACCEPTED.test(key)));
  return keys.map(key => {
    if (ACCEPTED.test(key)) return key;
    const near = key.replace(/[^A-Za-z0-9_.-]+/g, "_").replace(/^_+|_+$/g, "") || "argument";
    const hash = createHash("sha256").update(key).digest("hex");
    let name = near.length > LONGEST_NAME ? `${near.slice(0, LONGEST_NAME - 9)}_${hash.slice(0, 8)}` : near;
    for (let length = 4; used.has(name); length++)
      name = `${near.slice(0, LONGEST_NAME - 33)}_${hash.slice(0, length)}`;
    used.add(name);
    return name;
  });
}
