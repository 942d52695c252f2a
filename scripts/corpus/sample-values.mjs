/** Characters with a meaning in a URL, in a template or in JSON, and text outside ASCII. */
const HARD = ` a/b?c#d&e=f%20g+h"i'j\\k|l<m>;{{n}}{o}$p,é漢😀`;
const HEADER_HARD = ` "a"; b=c, d/e?f#g&h=i%20j+k {{l}} {m}`;

/**
 * Returns a value for one input, which no other input of the operation has: of the declared type, and as hard as its
 * place allows.
 *
 * @param {{ name: string, in: string, type: string, inBaseUri: boolean, isPort: boolean }} input
 */
export function sampleValue(input) {
  if (input.isScheme) return "https";
  if (input.in === "template") return sampleForTemplates(input);
  if (input.isPort) return input.type === "integer" || input.type === "number" ? 8443 : "8443";
  const samples = SAMPLES[input.type] ?? SAMPLES.string;
  return samples(input);
}

/** Returns a value that may stand in a header, with the members that templates name. */
function sampleForTemplates({ name, members }) {
  if (members.length === 0) return `${slug(name)}${HEADER_HARD}`;
  const value = {};
  for (const path of members) {
    const last = path.at(-1);
    const owner = path.slice(0, -1).reduce((object, member) => (object[member] ??= {}), value);
    owner[last] = `${slug(`${name}-${last}`)}${HEADER_HARD}`;
  }
  return value;
}

const SAMPLES = {
  string: sampleText,
  integer: input => 1 + (checksum(input) % 90_000),
  number: input => (input.inBaseUri ? 0 : 0.25) + 1 + (checksum(input) % 90_000),
  boolean: input => checksum(input) % 2 === 0,
  array: input => sampleList(input),
  object: input =>
    input.isOfOtherType && input.name === "body"
      ? sampleText(input)
      : input.in === "body"
        ? sampleDocument(input)
        : sampleMembers(input),
};

function sampleText(input) {
  if (input.inBaseUri) return `v-${slug(input.name)}-x`;
  switch (input.in) {
    case "header":
      return input.name.toLowerCase() === "content-type"
        ? "application/vnd.sample+json"
        : `${slug(input.name)}${HEADER_HARD}`;
    case "cookie":
      return `${slug(input.name)}-cookie`;
    case "body":
      if (input.isOfOtherType) return `<${slug(input.name)}>${HARD}</${slug(input.name)}>`;
      return input.untyped ? sampleDocument(input) : `${input.name}\n${HARD}`;
    default:
      return `${input.name}${HARD}`;
  }
}

function sampleList(input) {
  const name = slug(input.name);
  switch (input.in) {
    case "header":
    case "cookie":
      return [`${name}-1`, `${name}-2`];
    case "path":
      return [`${name} one`, `${name}/two`];
    case "body":
      return [sampleDocument(input), `${name}${HARD}`, 3, null];
    default:
      return [`${input.name}${HARD}`, `${name} two`, 7];
  }
}

/** Returns an object of scalars, which is all that a query can hold. */
function sampleMembers(input) {
  if (input.in === "header" || input.in === "cookie") return { member: `${slug(input.name)}-1`, count: 2 };
  return { gte: 5, "le vel[x]&": `${input.name}${HARD}`, open: false };
}

function sampleDocument(input) {
  return {
    name: `${input.name}${HARD}`,
    'a "key"': { deep: [1, 2.5, true, null, { text: "line 1\nline 2\t{{env.TOKEN}}" }] },
    count: checksum(input),
    empty: {},
  };
}

/**
 * Returns a value for a declared bind variable: characters that a header takes as they are and a query has to encode.
 * In a base URI it stands for a host, or for the whole root if nothing is before it.
 *
 * @param {{ name: string, inBaseUri: boolean, startsBaseUri: boolean }} variable
 */
export function sampleBind(variable) {
  const name = slug(variable.name);
  if (variable.startsBaseUri) return `https://${name}.example.test`;
  return variable.inBaseUri ? `b-${name}-x` : `s3cret+${name}/&x=%20==`;
}

function slug(name) {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "") || "unnamed"
  );
}

/** Computes FNV-1a over place and name, so that a value depends on nothing else. */
function checksum(input) {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${input.in}:${input.name}`)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
