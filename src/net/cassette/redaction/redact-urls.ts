import { MASK } from "../../../base/masking/mask.ts";
import { queryDecode } from "../../../base/percent-decoding.ts";
import type { Redaction } from "./redaction.ts";
import { Spans } from "./spans.ts";

/** The name of a pair of a query, a fragment or a path's parameter, encoded or not. */
const NAME = /(?:[?&;#]|&amp;|\\u0026|^)([\w.~%[\]$:@!+-]{1,120})=/gi;

/** The value of a secret, and any other value, which may be a URL with a query of its own. */
const SECRET_VALUE = /[^\s"'<>&;#\\|^`]*/y;
const VALUE = /[^\s"'<>&;#\\|^`?]*/y;

/** `user:password@` and `token@` in front of a host. */
const USER = /([a-z][a-z\d+.-]{0,20}:\\?\/\\?\/)([^\s/?#"'<>@\\]{1,1000})@/gi;

/** Redacts every query in a text, and the passwords of its URLs. */
export function redactUrls(text: string, redaction: Redaction): string {
  const without = text.includes("@")
    ? text.replace(USER, (all, scheme: string, user: string) => redactUser(all, scheme, user))
    : text;
  if (!without.includes("=")) return without;
  const spans = new Spans();
  const names = new RegExp(NAME);
  for (let found = names.exec(without); found !== null; found = names.exec(without)) {
    const name = queryDecode(found[1] ?? "");
    const start = names.lastIndex;
    // A parameter of a path ends where the query begins.
    const isSecret = redaction.meaning(name) !== undefined && found[0][0] !== ";";
    const pattern = isSecret ? SECRET_VALUE : VALUE;
    pattern.lastIndex = start;
    const value = pattern.exec(without)?.[0] ?? "";
    names.lastIndex = Math.max(start + value.length, start);
    if (value === "" || value === MASK) continue;
    const changed = redactValue(name, value, redaction);
    if (changed !== value) spans.add(start, start + value.length, changed);
  }
  return spans.applyTo(without);
}

/** Redacts a form, or a query without its mark, the first pair included. */
export function redactPairs(text: string, redaction: Redaction): string {
  return text
    .split("&")
    .map(pair => {
      const equals = pair.indexOf("=");
      if (equals < 0) return pair;
      const value = pair.slice(equals + 1);
      return `${pair.slice(0, equals)}=${redactValue(queryDecode(pair.slice(0, equals)), value, redaction)}`;
    })
    .join("&");
}

/** Redacts the value of a pair, which may be JSON or a URL, encoded once more. */
function redactValue(name: string, value: string, redaction: Redaction): string {
  const decoded = queryDecode(value);
  if (redaction.meaning(name) !== undefined) {
    redaction.learn(name, decoded);
    return MASK;
  }
  const inner = redaction.nested(decoded);
  if (inner === decoded) return value;
  return decoded === value ? inner : encodeURIComponent(inner).replaceAll("%2A", "*");
}

function redactUser(all: string, scheme: string, user: string): string {
  const colon = user.indexOf(":");
  if (colon >= 0) return `${scheme}${user.slice(0, colon)}:${MASK}@`;
  // `ssh://git@host` names a user; with http it may be a token.
  return /^http/i.test(scheme) ? `${scheme}${MASK}@` : all;
}
