/**
 * Names of HTML for characters of ASCII and Latin-1. Encoders use names for these; other characters are written as
 * numbers or not escaped.
 */
const ASCII =
  "Tab 9 NewLine 10 nbsp 160 excl 33 quot 34 QUOT 34 num 35 dollar 36 percnt 37 amp 38 AMP 38 apos 39 lpar 40 rpar 41 " +
  "ast 42 midast 42 plus 43 comma 44 period 46 sol 47 colon 58 semi 59 lt 60 LT 60 equals 61 gt 62 GT 62 quest 63 " +
  "commat 64 lsqb 91 lbrack 91 bsol 92 rsqb 93 rbrack 93 Hat 94 lowbar 95 UnderBar 95 grave 96 DiacriticalGrave 96 " +
  "lcub 123 lbrace 123 verbar 124 vert 124 VerticalLine 124 rcub 125 rbrace 125 hyphen 8208 dash 8208";

/** From U+00A1 on. */
const LATIN1 =
  "iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para " +
  "middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave " +
  "Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute " +
  "Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave " +
  "iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

let entities: ReadonlyMap<string, string> | undefined;

/** Returns the character that a name stands for. */
export function htmlEntity(name: string): string | undefined {
  entities ??= readEntities();
  return entities.get(name);
}

function readEntities(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const words = ASCII.split(" ");
  for (let index = 0; index < words.length; index += 2)
    found.set(words[index] ?? "", String.fromCharCode(Number(words[index + 1])));
  for (const [index, name] of LATIN1.split(" ").entries()) found.set(name, String.fromCharCode(0xa1 + index));
  return found;
}
