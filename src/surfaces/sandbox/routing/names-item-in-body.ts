import { actionEffect, LOOKUP_WORDS } from "./action-words.ts";

/** Tells whether an operation acts on an item that its body names, as `POST /api_keys/verify` does. */
export function namesItemInBody({
  method,
  path,
}: {
  readonly method: string;
  readonly path: string;
}): boolean {
  const [before = "", word = ""] = path
    .replace(/[?#].*$/s, "")
    .split(/[/:]/)
    .slice(-2);
  if (method !== "POST" || before === "" || before.includes("}")) return false;
  return LOOKUP_WORDS.has(word.toLowerCase()) || actionEffect(word) !== undefined;
}
