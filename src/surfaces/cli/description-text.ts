import { htmlEntity } from "../../base/masking/html-entities.ts";

/** Elements of HTML that descriptions have. Any other `<name>` is text, such as a placeholder or a type. */
const BLOCKS = new Set(
  "p div section article details summary blockquote pre ul ol dl dd dt table thead tbody tr h1 h2 h3 h4 h5 h6 hr br".split(
    " ",
  ),
);
const INLINE = new Set(
  "a abbr b big cite code del em font i img ins kbd mark q s samp small span strike strong sub sup td th tt u var".split(
    " ",
  ),
);

/** Characters of descriptions that Latin-1 lacks. */
const FURTHER: ReadonlyMap<string, string> = new Map(
  [
    ...(["hellip…", "mdash—", "ndash–", "lsquo‘", "rsquo’", "ldquo“", "rdquo”", "bull•", "rarr→", "larr←"] as const),
    ...(["trade™", "euro€", "le≤", "ge≥", "ne≠", "times×", "infin∞"] as const),
  ].map(text => [text.slice(0, -1), text.slice(-1)]),
);

/** A tag, or an entity. No part of it can hold the beginning of another, so that reading takes one pass. */
const MARKUP =
  /<(\/?)([A-Za-z][A-Za-z0-9]*)(\s[^<>]*|\/)?>|&(#[xX][0-9A-Fa-f]{1,6}|#\d{1,7}|[A-Za-z][A-Za-z0-9]{1,31});/g;

/** Text that starts with an element has its line breaks from that element, and not from where its lines end. */
const STARTS_WITH_BLOCK = /^\s*<(?:p|div|ul|ol|h[1-6]|table|section|blockquote)[\s>]/i;

/**
 * Returns a description as text: tags of HTML are taken away, entities are decoded, a link is followed by its address.
 * Text that is none of these stays.
 */
export function descriptionText(description: string): string {
  if (!description.includes("<") && !description.includes("&")) return description.trim();
  const html = withoutComments(description);
  if (!/<[A-Za-z/]|&/.test(html)) return html.trim();
  const isFlowing = STARTS_WITH_BLOCK.test(html);
  const parts: string[] = [];
  let link: { readonly href: string; readonly start: number } | undefined;
  let end = 0;
  const add = (text: string) => parts.push(isFlowing ? text.replace(/\s+/g, " ") : text);
  for (const match of html.matchAll(MARKUP)) {
    const [whole, slash, tag = "", attributes = "", entity] = match;
    add(html.slice(end, match.index));
    end = match.index + whole.length;
    const name = tag.toLowerCase();
    if (entity !== undefined) parts.push(entityText(entity) ?? whole);
    else if (name === "li") parts.push(slash === "" ? "\n- " : "");
    // Without an address it is a type's parameter sooner than a link.
    else if (name === "a" && slash === "" && attributes === "") add(whole);
    // `a<b and c>d` compares.
    else if (INLINE.has(name) && /[^\s/]/.test(attributes) && !attributes.includes("=")) add(whole);
    else if (name === "p" || /^h[1-6]$/.test(name)) parts.push("\n\n");
    else if (BLOCKS.has(name)) parts.push("\n");
    else if (!INLINE.has(name)) add(whole);
    else if (name === "td" || name === "th") parts.push(" ");
    else if (name === "img") parts.push(attributeOf(attributes, "alt"));
    else if (name === "a") {
      // A link that another one begins in counts as ended: HTML has none within another.
      if (slash !== "" && link !== undefined) parts.push(addressText(link.href, parts.slice(link.start).join("")));
      link = slash === "" ? { href: attributeOf(attributes, "href"), start: parts.length } : undefined;
    }
  }
  add(html.slice(end));
  return tidy(parts.join(""));
}

function withoutComments(text: string): string {
  let rest = text;
  let kept = "";
  for (let start = rest.indexOf("<!--"); start >= 0; start = rest.indexOf("<!--")) {
    const end = rest.indexOf("-->", start);
    if (end < 0) break;
    kept += rest.slice(0, start);
    rest = rest.slice(end + 3);
  }
  return kept + rest;
}

function entityText(entity: string): string | undefined {
  if (!entity.startsWith("#")) return entity === "nbsp" ? " " : (htmlEntity(entity) ?? FURTHER.get(entity));
  const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}

function attributeOf(attributes: string, name: string): string {
  const [, double, single, bare] =
    new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"']+))`, "i").exec(attributes) ?? [];
  return (double ?? single ?? bare ?? "").replaceAll("&amp;", "&").trim();
}

/** Returns the address of a link behind its text, unless that tells it. */
function addressText(href: string, text: string): string {
  const isTold = href === "" || href.startsWith("#") || text.includes(href) || href === `mailto:${text.trim()}`;
  return isTold ? "" : ` (${href})`;
}

function tidy(text: string): string {
  return text
    .split("\n")
    .map(line => line.trimEnd().replace(/^ (?=\S)/, ""))
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/(^|\n)-\n+/g, "$1- ")
    .trim();
}
