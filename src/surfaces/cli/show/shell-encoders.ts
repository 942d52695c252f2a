import type { Encoding } from "./encodings.ts";

/** The encodings as functions of a POSIX shell, which write the bytes of their argument by a table. */
export const shellEncoders: Readonly<Record<Encoding, string>> = {
  percent: byTable("percent", `c ~ /[A-Za-z0-9_.!~*\\047()-]/ ? c : "%" toupper(h)`),
  form: byTable("form", `c ~ /[A-Za-z0-9*_.-]/ ? c : n == 32 ? "+" : "%" toupper(h)`),
  json: byTable(
    "json",
    [
      `n == 34 ? "\\\\\\"" : n == 92 ? "\\\\\\\\"`,
      `n == 8 ? "\\\\b" : n == 9 ? "\\\\t" : n == 10 ? "\\\\n" : n == 12 ? "\\\\f" : n == 13 ? "\\\\r"`,
      `n < 32 ? "\\\\u00" h : c`,
    ].join(" : "),
  ),
  xml: byTable(
    "xml",
    `n == 38 ? "&amp;" : n == 60 ? "&lt;" : n == 62 ? "&gt;" : n == 34 ? "&quot;" : n == 39 ? "&apos;" : c`,
  ),
  cookie: byTable("cookie", `n > 32 && n < 127 && n != 34 && n != 44 && n != 59 && n != 92 ? c : "%" toupper(h)`),
};

/** Writes a function. `rule` is an awk expression for the byte `n`, with the character `c` and hexadecimal digits `h`. */
function byTable(name: Encoding, rule: string): string {
  const table = `for (n = 0; n < 256; n++) { c = sprintf("%c", n); h = sprintf("%02x", n); t[h] = ${rule} }`;
  const write = `for (i = 1; i <= NF; i++) printf "%s", t[$i]`;
  const awk = `LC_ALL=C awk 'BEGIN { ${table} } { ${write} }'`;
  return `${name}_encode() { printf %s "$1" | od -An -v -tx1 | ${awk}; }`;
}
