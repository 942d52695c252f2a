// A reader that decodes as an attacker would, without regard to time, and shares nothing with what masks secrets.

/** Number of characters of a secret that no output may show in a row. */
const WINDOW = 8;
const LAYERS = 5;

/** Returns the part of a secret that a reader can decode from a text, in every order of codings, or `undefined`. */
export function revealed(text: string, secret: string): string | undefined {
  const windows = windowsOf(secret);
  const seen = new Set([text]);
  let readings = [text];
  for (let layer = 0; layer <= LAYERS; layer++) {
    for (const reading of readings) {
      const plain = comparable(reading);
      const found = windows.find(window => plain.includes(window));
      if (found !== undefined) return found;
    }
    readings = readings
      .flatMap(reading => DECODERS.flatMap(decode => decode(reading)))
      .filter(reading => {
        if (reading.length < WINDOW || seen.has(reading)) return false;
        seen.add(reading);
        return true;
      });
  }
  return undefined;
}

function comparable(text: string): string {
  return text.replaceAll("+", " ").replaceAll("\\", "/").normalize("NFC").toLowerCase();
}

function windowsOf(secret: string): string[] {
  const lines = secret.split("\n").filter(line => !line.startsWith("-----"));
  return lines.flatMap(line => {
    const plain = comparable(line);
    const last = Math.max(0, plain.length - WINDOW);
    return plain.length < 4 ? [] : Array.from({ length: last + 1 }, (_, start) => plain.slice(start, start + WINDOW));
  });
}

const DECODERS: readonly ((text: string) => string[])[] = [
  text => [text.replace(/(?:%[0-9a-f]{2})+/gi, escapes => utf8(Buffer.from(escapes.replaceAll("%", ""), "hex")))],
  text => [
    text.replace(
      /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([0-3][0-7]{2})|([nrt])|([^a-z0-9]))/gi,
      (_, u, x, o, letter, other) =>
        other ??
        (letter
          ? { n: "\n", r: "\r", t: "\t" }[String(letter).toLowerCase()]
          : String.fromCharCode(u || x ? Number.parseInt(u ?? x, 16) : Number.parseInt(o, 8))),
    ),
  ],
  text => [
    text.replace(/&(?:#x([0-9a-f]+);?|#(\d+);?|(amp|lt|gt|quot|apos);)/gi, (_, h, d, name) =>
      name
        ? ({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }[String(name)] ?? "")
        : String.fromCodePoint(h ? Number.parseInt(h, 16) : Number(d)),
    ),
  ],
  text => [utf8(Buffer.from(text, "latin1"))],
  text => [text.replaceAll("\0", ""), text.replaceAll("\\u0000", "")],
  text => [text.replace(/(?:=[0-9a-f]{2})+/gi, escapes => utf8(Buffer.from(escapes.replaceAll("=", ""), "hex")))],
  text =>
    [...text.replace(/(?<=[\w+/-])\r?\n/g, "").matchAll(/[\w+/-]{8,}/g)].flatMap(([run]) =>
      [0, 1, 2, 3].map(shift => utf8(Buffer.from(run.slice(shift), "base64"))),
    ),
  text =>
    [...text.replace(/(?<=[0-9a-f]{2}):(?=[0-9a-f]{2})/gi, "").matchAll(/[0-9a-f]{8,}/gi)].flatMap(([run]) =>
      [0, 1].map(shift => utf8(Buffer.from(run.slice(shift), "hex"))),
    ),
  text =>
    [...text.replace(/"\d+":|- /g, "").matchAll(/\d+(?:[,\s]+\d+){7,}/g)].map(([list]) =>
      utf8(Buffer.from(list.split(/[,\s]+/).map(Number))),
    ),
];

function utf8(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("utf8");
  return text.includes("\ufffd") ? Buffer.from(bytes).toString("latin1") : text;
}
