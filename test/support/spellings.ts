/** A way to write a text so that what reads it gets the text back. */
export interface Spelling {
  readonly name: string;
  readonly write: (text: string) => string;
}

const bytes = (text: string) => [...Buffer.from(text)];
const hexOf = (code: number, digits = 2) => code.toString(16).padStart(digits, "0");
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const base64 = (text: string) => Buffer.from(text).toString("base64");
const hex = (text: string) => Buffer.from(text).toString("hex");
const units = (text: string) => Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
const html = (text: string) =>
  text.replace(
    /[&<>"']/g,
    character => `&${{ "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" }[character]};`,
  );

const SPELLINGS: Readonly<Record<string, (text: string) => string>> = {
  "as it is": text => text,
  "percent-encoded": text => encodeURIComponent(text),
  "percent-encoded but for slashes": text => encodeURIComponent(text).replaceAll("%2F", "/"),
  "percent-encoded in lower case": text => encodeURIComponent(text).replace(/%../g, code => code.toLowerCase()),
  "every byte percent-encoded": text =>
    bytes(text)
      .map(code => `%${hexOf(code)}`)
      .join(""),
  "percent-encoded twice": text => encodeURIComponent(encodeURIComponent(text)),
  "percent-encoded three times": text => encodeURIComponent(encodeURIComponent(encodeURIComponent(text))),
  "form-encoded": text => new URLSearchParams([["", text]]).toString().slice(1),
  "as a URL's path has it": text =>
    new URL(`http://h.test/${text.replace(/[?#]/g, encodeURIComponent)}`).pathname.slice(1),
  "as a URL's query has it": text => new URL(`http://h.test/?${text.replace(/#/g, "%23")}`).search.slice(1),
  "as a URL's fragment has it": text => new URL(`http://h.test/#${text}`).hash.slice(1),
  "as a URL's password": text => Object.assign(new URL("http://h.test/"), { password: text }).password,
  "in JSON": json,
  "in JSON with escaped slashes": text => json(text).replaceAll("/", "\\/"),
  "in JSON in JSON": text => json(json(text)),
  "in JSON in JSON in JSON": text => json(json(json(text))),
  "as \\u escapes": text =>
    units(text)
      .map(code => `\\u${hexOf(code, 4)}`)
      .join(""),
  "as \\u escapes in upper case": text =>
    units(text)
      .map(code => `\\u${hexOf(code, 4).toUpperCase()}`)
      .join(""),
  "as \\x escapes of its bytes": text =>
    bytes(text)
      .map(code => `\\x${hexOf(code)}`)
      .join(""),
  "as octal escapes of its bytes": text =>
    bytes(text)
      .map(code => `\\${code.toString(8).padStart(3, "0")}`)
      .join(""),
  "as HTML": html,
  "as HTML twice": text => html(html(text)),
  "as decimal entities": text => [...text].map(character => `&#${character.codePointAt(0)};`).join(""),
  "as hexadecimal entities": text => [...text].map(character => `&#x${hexOf(character.codePointAt(0) ?? 0)};`).join(""),
  "percent-encoded in JSON": text => json(encodeURIComponent(text)),
  "in JSON, percent-encoded": text => encodeURIComponent(json(text)),
  "in JSON, as HTML": text => html(json(text)),
  "as HTML, percent-encoded, in JSON": text => json(encodeURIComponent(html(text))),
  "in base64": base64,
  "in base64url": text => Buffer.from(text).toString("base64url"),
  "behind a name in base64": text => base64(`user:${text}`),
  "behind a longer name in base64": text => base64(`anna:${text}`),
  "between others in base64": text => base64(`id=7;key=${text};end`),
  "in base64 of several lines": text => base64(text).replace(/.{20}/g, "$&\r\n"),
  "in base64 in base64": text => base64(`{"auth":"${base64(text)}"}`),
  "in base64 in JSON with escaped slashes": text => base64(text).replaceAll("/", "\\/"),
  "in base64, percent-encoded": text => encodeURIComponent(base64(text)),
  "percent-encoded, in base64": text => base64(encodeURIComponent(text)),
  "in hexadecimal": hex,
  "in hexadecimal in upper case": text => hex(text).toUpperCase(),
  "in hexadecimal with colons": text => hex(text).replace(/..(?=.)/g, "$&:"),
  "as a list of bytes": text => JSON.stringify(bytes(text)),
  "as bytes read as Latin-1": text => Buffer.from(text).toString("latin1"),
  decomposed: text => text.normalize("NFD"),
  "in lower case, as a URL's host has it": text => text.toLowerCase(),
  "in upper case": text => text.toUpperCase(),
  "in UTF-16": text => Buffer.from(text, "utf16le").toString("latin1"),
  "in UTF-16 of the other order": text => Buffer.from(text, "utf16le").swap16().toString("latin1"),
  "in UTF-16, in JSON": text => json(Buffer.from(text, "utf16le").toString("latin1")),
  "in UTF-16, in base64": text => Buffer.from(text, "utf16le").toString("base64"),
  "as entities without semicolons": text => [...text].map(character => `&#${character.codePointAt(0)}`).join(""),
  "as entities with zeros in front": text =>
    [...text].map(character => `&#x${hexOf(character.codePointAt(0) ?? 0, 8)};`).join(""),
  "as quoted-printable in lower case": text =>
    bytes(text)
      .map(code => `=${hexOf(code)}`)
      .join(""),
  "as JSON of a Uint8Array": text => JSON.stringify(Uint8Array.from(bytes(text))),
  "as a list of bytes in YAML": text =>
    bytes(text)
      .map(code => `- ${code}\n`)
      .join(""),
};

/** The ways in which APIs repeat what they were told. */
export const spellings: readonly Spelling[] = Object.entries(SPELLINGS).map(([name, write]) => ({
  name,
  write,
}));

/** Spellings of a text, by its lines. */
export const lineSpellings: readonly Spelling[] = Object.entries({
  "without its last line break": (text: string) => text.trimEnd(),
  "with CR LF": (text: string) => text.replaceAll("\n", "\r\n"),
  indented: (text: string) => text.replace(/^/gm, "    "),
  "in one line": (text: string) => text.replaceAll("\n", ""),
  "in one line with blanks": (text: string) => text.replaceAll("\n", " "),
  "with \\n for line breaks": (text: string) => text.replaceAll("\n", "\\n"),
  "one line of it": (text: string) => text.split("\n")[2] ?? "",
  "wrapped elsewhere": (text: string) => text.replaceAll("\n", "").replace(/.{50}/g, "$&\n"),
}).map(([name, write]) => ({ name, write }));
