import { withoutByteOrderMark } from "../../../base/files/file-text.ts";
import { MASK } from "../../../base/masking/mask.ts";
import { maskField } from "../../../base/masking/mask-field.ts";
import { isFormType } from "../../../base/media-types.ts";
import { redactFields } from "./redact-fields.ts";
import { redactJson } from "./redact-json.ts";
import { isMarkup, redactMarkup } from "./redact-markup.ts";
import { boundaryOf, redactMultipart } from "./redact-multipart.ts";
import { redactShapes } from "./redact-shapes.ts";
import { redactTable } from "./redact-table.ts";
import { redactPairs, redactUrls } from "./redact-urls.ts";
import type { Redaction } from "./redaction.ts";

/** Limit of texts inside texts. Deeper ones are replaced as a whole, because they are not read. */
const DEEPEST = 12;

/** Marks of a text that may have secrets besides the known ones. */
const TELLING = /:(?!\/\/)|[=<{[]|\/\/[^/\s]{1,1000}@|eyJ|LS0tLS1CRUdJTi|(?:Bearer|Basic|Token) |PRIVATE KEY/i;

/** Times, which have colons but no names. */
const TIME = /^[\d:.TZ+\-/ ]{0,40}$/;

interface TextRedaction {
  /** Redacts a text, with the help of its content type. */
  text(text: string, contentType?: string): string;
  /** Redacts a URL, in which the marks of other texts have no meaning. */
  url(url: string): string;
}

/**
 * Creates a redactor of texts of any kind. Each reader changes the parts that it knows and leaves every other character, so
 * that a body with a wrong content type is read too.
 *
 * @param mask replaces known secrets
 */
export function createTextRedaction(
  { meaning, learn }: Pick<Redaction, "meaning" | "learn">,
  mask: (text: string) => string,
): TextRedaction {
  let depth = 0;
  const redaction: Redaction = {
    meaning,
    learn,
    nested(text, name) {
      if (!TELLING.test(text) || TIME.test(text)) return named(text, name);
      if (depth >= DEEPEST) return MASK;
      depth++;
      try {
        return named(redact(mask(text), ""), name);
      } finally {
        depth--;
      }
    },
  };

  function named(text: string, name: string | undefined): string {
    return name === undefined ? mask(text) : maskField(name, text, mask);
  }

  function redact(text: string, contentType: string): string {
    const boundary = boundaryOf(text, contentType);
    const read =
      boundary === undefined ? readAs(text, contentType) : redactMultipart(text, boundary, redaction, redact);
    return mask(redactShapes(read, redaction));
  }

  /**
   * Reads a text with one reader. Known secrets are masked first, because a reader would split a secret that contains its
   * marks. JSON is masked member by member, because a masked number would make it invalid.
   */
  function readAs(text: string, contentType: string): string {
    if (isFormType(contentType)) return redactPairs(mask(text), redaction);
    if (isJson(text)) return redactJson(text, redaction);
    const lines = redactJsonLines(text, redaction, readOther);
    if (lines !== undefined) return lines;
    const masked = mask(text);
    const table = masked.includes("\n") ? redactTable(masked, contentType, redaction) : undefined;
    return table ?? readStructures(masked);
  }

  function readOther(text: string): string {
    return readStructures(mask(text));
  }

  function readStructures(text: string): string {
    return redactUrls(readStructure(text), redaction);
  }

  function readStructure(text: string): string {
    if (/^\s*</.test(text) && isMarkup(text)) return redactMarkup(text, redaction);
    const isJsonLike = /^\s*[{[]/.test(text);
    const first = isJsonLike ? redactJson(text, redaction) : redactFields(text, redaction);
    const both = isJsonLike ? redactFields(first, redaction) : redactJson(first, redaction);
    return isMarkup(both) ? redactMarkup(both, redaction) : both;
  }

  return {
    text: (text, contentType = "") => redact(text, contentType),
    url: url => mask(redactShapes(redactUrls(mask(url), redaction), redaction)),
  };
}

function isJson(text: string): boolean {
  if (!/^[\s\ufeff]*[{["]/.test(text)) return false;
  try {
    JSON.parse(withoutByteOrderMark(text));
    return true;
  } catch {
    return false;
  }
}

/** Fields of server-sent events, and the mark of JSON text sequences, in front of JSON. */
const LINE = /^(?:data: ?|\p{Cc})?(?=[{["])/u;

/**
 * Redacts a text that has JSON in some of its lines: JSON lines, server-sent events, logs. The other lines are for another
 * reader.
 *
 * @returns `undefined` if the text has no such line
 */
function redactJsonLines(
  text: string,
  redaction: Redaction,
  redactOther: (text: string) => string,
): string | undefined {
  if (!/^(?:data: ?|\p{Cc})?[{["]/mu.test(text)) return undefined;
  const pieces: string[] = [];
  let other: string[] = [];
  let found = false;
  const flush = () => {
    if (other.length > 0) pieces.push(redactOther(other.join("")));
    other = [];
  };
  for (const line of text.split(/(?<=\n)/)) {
    const prefix = LINE.exec(line)?.[0];
    if (prefix === undefined || !isJson(line.slice(prefix.length))) {
      other.push(line);
      continue;
    }
    flush();
    found = true;
    pieces.push(prefix + redactJson(line.slice(prefix.length), redaction));
  }
  if (!found) return undefined;
  flush();
  return pieces.join("");
}
