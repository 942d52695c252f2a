import { domainToASCII } from "node:url";
import { decodeEscapes } from "./escapes.ts";
import { SHORTEST_SECRET } from "./mask.ts";
import { Reading } from "./reading.ts";
import { secretParts } from "./secret-parts.ts";

/** Shortest line of a secret that is masked alone. */
const SHORTEST_LINE = 8;
/** Shortest secret that is also found if blanks or line breaks cut it up. */
const SHORTEST_CUT_UP = 16;
/** Layers of escapes that a secret may have itself. */
const MOST_LAYERS = 3;

/** `-----BEGIN PRIVATE KEY-----` (RFC 7468) is in every key. */
const MARKER = /^-----.*-----$/;
/** Blanks, and the `+` that a form writes for one. */
export const BLANKS: RegExp = /[\s+]+/g;

/** Texts to search for, to find one secret. */
interface SecretForms {
  /** Texts to find as they are. */
  readonly whole: readonly string[];
  /** Texts without blanks, to find in texts without blanks. */
  readonly squeezed: readonly string[];
}

/**
 * Returns the forms in which decoded texts hold a secret or a part of it. A text is decoded as far as possible, and so
 * is the secret.
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

/** Returns the spelling of a host name, or of a part of it, in a URL, if it has letters beyond ASCII (RFC 3492). */
function hostNames(text: string): string[] {
  if (!/[^\0-\x7f]/.test(text) || /[^\p{L}\p{M}\p{N}.-]/u.test(text)) return [];
  const name = domainToASCII(text);
  return name === "" ? [] : [name];
}

/** Returns the text as a reader prints it that does not know its characters, if enough is left to recognise it. */
function misread(text: string): string[] {
  const others = /[^\0-\x7f]/gu;
  if (text.length === text.replace(others, "").length || text.replace(others, "").length < SHORTEST_LINE) return [];
  return [text.replace(others, "\ufffd"), text.replace(others, "?")];
}

function linesOf(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map(line => line.trim())
    .filter(line => line.length >= SHORTEST_LINE && !MARKER.test(line));
}
