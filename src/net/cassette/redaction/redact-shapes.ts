import { MASK } from "../../../base/masking/mask.ts";
import type { Redaction } from "./redaction.ts";

/** JSON Web Tokens, encrypted ones too (RFC 7515, 7516). */
const JSON_WEB_TOKEN = /(?<=^|[^\w-]|%[\dA-Fa-f]{2}|\\[nrt])eyJ[\w-]{5,}(?:\.[\w-]*){2,4}/g;

/** The base64 of JSON that begins with an object. */
const ENCODED_JSON = /(?<![\w+/-])eyJ[\w+/-]{12,}={0,2}/g;

/** A credential after the name of its scheme. Unlike a word of plain text, it has a digit. */
const CREDENTIAL = /\b(Bearer|Basic|Token|Negotiate|ApiKey) (?=[A-Za-z._~+/=-]{0,200}\d)[\w.~+/=-]{8,}/gi;

const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;

/** The base64 of the first line of a PEM. */
const ENCODED_KEY = /LS0tLS1CRUdJTi[\w+/=-]+/g;

/** Redacts secrets by their shape, anywhere in a text. */
export function redactShapes(text: string, redaction: Redaction): string {
  let changed = text;
  if (changed.includes("eyJ"))
    changed = changed.replace(JSON_WEB_TOKEN, MASK).replace(ENCODED_JSON, encoded => {
      const decoded = Buffer.from(encoded, "base64").toString("utf8");
      return redaction.nested(decoded) === decoded ? encoded : MASK;
    });
  if (changed.includes("LS0tLS1CRUdJTi"))
    changed = changed.replace(ENCODED_KEY, encoded =>
      Buffer.from(encoded.slice(0, 100), "base64").includes("PRIVATE KEY") ? MASK : encoded,
    );
  return redactKeys(changed.replace(CREDENTIAL, `$1 ${MASK}`));
}

/** Redacts private keys in PEM, to the end of the text if the last line is missing. */
function redactKeys(text: string): string {
  if (!text.includes("PRIVATE KEY")) return text;
  const pieces: string[] = [];
  let position = 0;
  for (;;) {
    KEY_BEGIN.lastIndex = position;
    const begin = KEY_BEGIN.exec(text);
    if (begin === null) break;
    KEY_END.lastIndex = begin.index;
    const end = KEY_END.exec(text);
    pieces.push(text.slice(position, begin.index), MASK);
    position = end === null ? text.length : end.index + end[0].length;
  }
  return pieces.join("") + text.slice(position);
}
