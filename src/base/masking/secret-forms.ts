import { domainToASCII } from "node:url";
import { decodeEscapes } from "./escapes.ts";
import { Reading } from "./reading.ts";
import { secretParts } from "./secret-parts.ts";
import { SHORTEST_SECRET } from "./shortest-secret.ts";

/** Characters of a line of a secret that is masked alone. */
const SHORTEST_LINE = 8;
/** A secret of this length is also found where blanks or line breaks cut it up. */
const SHORTEST_CUT_UP = 16;
/** Layers of escapes that a secret may have itself. */
const MOST_LAYERS = 3;

/** `-----BEGIN PRIVATE KEY-----` (RFC 7468) is in every key. */
const MARKER = /^-----.*-----$/;
/** Also what a form writes for one. */
export const BLANKS: RegExp = /[\s+]+/g;

/** What is looked for to find one secret. */
interface SecretForms {
  /** As they stand in a text. */
  readonly whole: readonly string[];
  /** Without blanks, for texts without them. */
  readonly squeezed: readonly string[];
}

/**
 * The forms of a secret, and of its parts, in which decoded texts hold it. A text is decoded as far as it goes, and so is
 * the secret.
 */
export function secretForms(secret: string): SecretForms {
  const whole = new Set<string>();
  const squeezed = new Set<string>();
  for (const text of [secret, ...secretParts(secret)].flatMap(part => [...readings(part)])) {
    const isCut = /[\t\r\n]/.test(text);
    if (isCut) for (const line of linesOf(text)) whole.add(line);
    else whole.add(text);
    const short = squeeze(text);
    if (short.length >= (isCut ? SHORTEST_LINE : SHORTEST_CUT_UP)) squeezed.add(short);
    else if (isCut) whole.add(text);
  }
  return { whole: [...whole], squeezed: [...squeezed] };
}

function squeeze(text: string): string {
  return text.replace(BLANKS, "");
}

function readings(secret: string): ReadonlySet<string> {
  const found = new Set<string>();
  const trimmed = secret.trim();
  const own = trimmed.length >= SHORTEST_SECRET ? trimmed : secret;
  const forms = [own, own.toWellFormed(), own.normalize("NFC"), own.normalize("NFD"), ...misread(own)];
  forms.push(...hostNames(own));
  for (const form of forms) {
    let reading: Reading | undefined = new Reading(form);
    for (let layer = 0; layer <= MOST_LAYERS && reading !== undefined; layer++) {
      if (reading.text.length >= SHORTEST_SECRET) found.add(reading.text);
      // As bytes are read before UTF-8 is looked for in them.
      if (/[^\0-\x7f]/.test(reading.text)) found.add(Buffer.from(reading.text).toString("latin1"));
      reading = decodeEscapes(reading);
    }
  }
  return found;
}

/** As a URL has it for a host, or a part of one, in letters that are not ASCII (RFC 3492). */
function hostNames(text: string): string[] {
  if (!/[^\0-\x7f]/.test(text) || /[^\p{L}\p{M}\p{N}.-]/u.test(text)) return [];
  const name = domainToASCII(text);
  return name === "" ? [] : [name];
}

/** As a reader has it that does not know its characters, where enough is left to know it by. */
function misread(text: string): string[] {
  const others = /[^\0-\x7f]/gu;
  if (text.length === text.replace(others, "").length || text.replace(others, "").length < SHORTEST_LINE)
    return [];
  return [text.replace(others, "\ufffd"), text.replace(others, "?")];
}

function linesOf(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map(line => line.trim())
    .filter(line => line.length >= SHORTEST_LINE && !MARKER.test(line));
}
