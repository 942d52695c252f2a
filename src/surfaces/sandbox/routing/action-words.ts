/** The effect of a verb at the end of a path on an item: it sets or clears a flag. */
export interface ActionEffect {
  readonly flag: string;
  readonly value: boolean;
}

const FLAGS: ReadonlyMap<string, string> = pairs(`
  accept:accepted activate:active approve:approved archive:archived ban:banned block:blocked cancel:canceled
  capture:captured check:checked close:closed complete:completed confirm:confirmed decline:declined
  deprecate:deprecated enable:enabled expire:expired finalize:finalized follow:followed freeze:frozen
  hide:hidden lock:locked merge:merged mute:muted pause:paused pay:paid pin:pinned promote:promoted
  publish:published refresh:refreshed refund:refunded reject:rejected revoke:revoked rotate:rotated send:sent
  star:starred start:started submit:submitted subscribe:subscribed suspend:suspended validate:validated
  verify:verified void:voided
`);

/** Verbs that clear the flag of another verb and are not its name after `un` or `de`. */
const OPPOSITES: ReadonlyMap<string, string> = pairs(`
  deactivate:active disable:enabled open:closed reopen:closed restore:deleted resume:paused show:hidden
  stop:started
`);

/** Returns the effect of a verb, or `undefined` for an unknown word. */
export function actionEffect(word: string): ActionEffect | undefined {
  const verb = word.toLowerCase();
  const flag = FLAGS.get(verb);
  if (flag !== undefined) return { flag, value: true };
  const opposite = OPPOSITES.get(verb) ?? FLAGS.get(verb.replace(/^un-?/, ""));
  return opposite === undefined ? undefined : { flag: opposite, value: false };
}

/** Last words of paths that ask for the items of a collection. */
export const SEARCH_WORDS: ReadonlySet<string> = new Set(["filter", "find", "list", "query", "search"]);

/** Verbs that look at an item and leave it unchanged. */
export const LOOKUP_WORDS: ReadonlySet<string> = new Set("check introspect lookup validate verify".split(" "));

const SINGULAR = new Set("analytics credentials details jwks metrics news settings statistics stats".split(" "));

/** Returns whether a word seems to name several things, as the last word of `line_items` does. */
export function isPlural(word: string): boolean {
  const last =
    word
      .toLowerCase()
      .split(/[^a-z]+/)
      .findLast(part => part !== "") ?? "";
  return /[^sui]s$/.test(last) && !SINGULAR.has(last);
}

function pairs(text: string): ReadonlyMap<string, string> {
  return new Map(Array.from(text.matchAll(/(\w+):(\w+)/g), ([, word = "", flag = ""]) => [word, flag]));
}

/** Returns whether an operation acts on an item that its body names, as `POST /api_keys/verify` does. */
export function namesItemInBody({ method, path }: { readonly method: string; readonly path: string }): boolean {
  const [before = "", word = ""] = path
    .replace(/[?#].*$/s, "")
    .split(/[/:]/)
    .slice(-2);
  if (method !== "POST" || before === "" || before.includes("}")) return false;
  return LOOKUP_WORDS.has(word.toLowerCase()) || actionEffect(word) !== undefined;
}
