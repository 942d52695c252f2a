import { stemmer } from "stemmer";

/** Longest run of characters that is one word. Names that are longer are cut. */
const LONGEST_WORD = 64;

/** Scripts that write without spaces. Their runs are read as pairs of characters. */
const UNSPACED = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]+$/u;

/**
 * Splits a text or a name into words in lower case: `createAPIKey`, `create_api_key` and `create-api-key` have three. Accents
 * are removed.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const run of runsOf(text)) {
    for (const part of splitCamelCase(run)) {
      const word = part.toLowerCase().slice(0, LONGEST_WORD);
      if (word.charCodeAt(0) > 0x2e7f && UNSPACED.test(word)) words.push(...pairsOf(word));
      else words.push(word);
    }
  }
  return words;
}

/** Words whose inflections the rules of English do not tell, or that only look like plurals. */
const IRREGULAR: Readonly<Record<string, string>> = {
  // The rules take them for "custom" and "authorize".
  customer: "customer",
  customers: "customer",
  author: "author-",
  authors: "author-",
  alias: "alias",
  aliases: "alias",
  analyses: "analysis",
  bus: "bus",
  canvas: "canvas",
  canvases: "canvas",
  children: "child",
  creation: "creat",
  creations: "creat",
  dns: "dns",
  gps: "gps",
  indices: "index",
  paid: "pay",
  people: "person",
  persons: "person",
  status: "status",
  statuses: "status",
  sent: "send",
  shipped: "ship",
  sms: "sms",
  https: "https",
  tls: "tls",
};

/** Returns the form that all inflections of a word share. */
export function stemOf(word: string): string {
  if (!/^[a-z]+$/.test(word)) return word;
  if (Object.hasOwn(IRREGULAR, word)) return IRREGULAR[word] ?? word;
  // British and American spelling are one word, and so are a verb in "ify" and its noun.
  return stemmer(
    word
      .replace(/ifications?$/, "ify")
      .replace(/is(e[drs]?|ing|ations?)$/, "iz$1")
      .replace(/our(s|ed|ing|ites?)?$/, "or$1"),
  );
}

/** Returns a name without what separates its words, in lower case: two spellings of one name are equal. */
export function joinedName(text: string): string {
  return runsOf(text).join("").toLowerCase();
}

/** Returns the runs of letters and digits of a text. Most texts are ASCII: the classes of Unicode take long to compile. */
function runsOf(text: string): readonly string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is the range of ASCII
  if (/^[\u0000-\u007f]*$/.test(text)) return text.match(/[A-Za-z\d]+/g) ?? [];
  return (
    text
      .normalize("NFKD")
      .replace(/\p{M}+/gu, "")
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

function splitCamelCase(run: string): string[] {
  // "IDs", "URLs" and "APIs" are plurals of acronyms.
  return /[a-z\d][A-Z]|[A-Z]{2}[a-z]/.test(run)
    ? run
        .replace(/([A-Z]{2,})s(?![a-z])/g, (_, acronym: string) => `${acronym[0]}${acronym.slice(1).toLowerCase()}s`)
        .replace(/([a-z\d])([A-Z])/g, "$1 $2")
        .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
        .split(" ")
    : [run];
}

function pairsOf(word: string): string[] {
  const characters = Array.from(word);
  if (characters.length < 3) return [word];
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}
