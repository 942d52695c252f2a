/*
 * Names that mean a secret: of headers, query parameters, cookies, members, elements, columns and form fields. A name
 * is split into words, whatever its case and spelling: `SecretAccessKey`, `secret_access_key` and `secretaccesskey` are
 * the same three. The last word decides, as in English: a `token_type` is a type, a `session_token` a token.
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Last words that mean a secret whatever stands before them. */
const SECRETS = words(`
  password passwort passwd passwords pwd passphrase passcode secret secrets token jwt jws jwe sig signature hmac
  authorization authorisation credential credentials cookie cookies csrf xsrf otp totp hotp assertion bearer sessid
  apikey apikeys privkey pswd passwrd psk tkn cvv cvc mnemonic pincode creds dockerconfigjson
  passe contrasena contraseña senha wachtwoord kennwort parola salasana hasło heslo пароль 密码 密碼 パスワード 비밀번호
`);

/** Last words that mean a secret only behind one of these. */
const QUALIFIED: Readonly<Record<string, ReadonlySet<string>>> = {
  key: words(`
    api access secret private auth authentication signing signature encryption decryption master account shared
    subscription function functions app application consumer client server admin license hmac aes session service-role
    bot webhook vault storage-account ssh-private deployment-private
    ssh deploy priv shared preshared symmetric cipher kms storage unseal activation licence rapidapi mashape wrapping
  `),
  base: words("key"),
  word: words("pass"),
  phrase: words("pass seed recovery backup mnemonic"),
  answer: words("security secret"),
  header: words("auth authorization"),
  string: words("connection"),
  pem: words("private"),
  hash: words("api"),
  ticket: words("cas kerberos auth login session"),
  keys: words("api access secret private signing encryption unseal recovery"),
  tokens: words("access refresh api auth session bearer secret id device csrf"),
  pass: words(
    "db database user smtp imap mail email ftp ssh admin root proxy auth ldap mysql redis login my api new old current enc j store key",
  ),
  pin: words("user card security device atm sim login account new old current"),
  code: words(`
    auth authorization device verification otp totp mfa 2fa one-time time security recovery backup pin pass login
    confirmation activation redemption invite sms factor
  `),
  codes: words("recovery backup"),
  verifier: words("code oauth"),
  hint: words("token"),
  response: words("saml"),
  auth: words("x http basic proxy api"),
  id: words("secret"),
  sid: words("connect session php"),
};

/** Names of one word that mean a secret by themselves, unless their value is a structure. */
const ALONE = words(`
  pass pin auth passw psw phpsessid jsessionid otpcode authkey authcode authz sas cred kubeconfig
  userpass storepass keypass apipass dbpass encpass
`);

/**
 * Words before a token, a signature or a cookie that make it harmless: positions in a list, marks of a text, keys of
 * idempotency.
 */
const HARMLESS_BEFORE: Readonly<Record<string, ReadonlySet<string>>> = {
  token: words(`
    next page continuation continue pagination sync cursor resume last previous prev start starting end marker delta skip
    scroll checkpoint forward backward position offset history stop eos bos pad unk sep cls mask special first idempotency
    max min total num count
  `),
  signature: words("method function type event"),
  cookie: words("no"),
};

/** First words of questions, whose answers are yes and no. */
const QUESTIONS = words(
  "has is needs require requires required allow allows enable enabled disable disabled supports use uses show hide no forgot",
);

/** Last words that do not change the meaning of a name. */
const MODIFIERS = words(`
  value val text string plain plaintext raw confirm confirmation confirmed repeat repeated again verify new old current
  hash hashed digest salt encrypted enc base64 b64 hex pem bytes binary data input sha256 sha1 sha512 md5 x
`);

/** Words that names in one lower-case piece end with, the longest first. */
const PIECES = [
  ...words(
    "passphrase credentials credential signature password passwd passcode secrets secret tokens token cookie key pwd",
  ),
];
/** Words that stand before those, the longest first. */
const PIECES_BEFORE = [
  ...words(`
    authentication continuation subscription application pagination encryption consumer
    database refresh account private session signing license public client access
    secret bearer master shared server cursor device admin token oauth vault
    page next sync auth csrf xsrf user api app aws idp jwt id db x
  `),
];

export type SecretName =
  /** Its value is never kept. */
  | "secret"
  /** Its value is kept only if it is a structure, whose members have names of their own. */
  | "scalar"
  | undefined;

/** Words of which the value may be a structure that holds more than the secret. */
const MAY_BE_STRUCTURE = words("auth authorization authorisation credential credentials cookies pin pass");

const MOST_KNOWN = 2_000;
const known = new Map<string, SecretName>();

/** Reads a name of any kind, as `secretName` does. */
export function readSecretName(name: string): SecretName {
  if (known.has(name)) return known.get(name);
  const found = readName(name);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, found);
  return found;
}

const LONGEST = 200;

function readName(name: string): SecretName {
  if (name.length > LONGEST) return readName(name.slice(-LONGEST / 2));
  const all = wordsOf(name);
  if (all.length > 1 && QUESTIONS.has(all[0] ?? "")) return undefined;
  for (;;) {
    const last = all.at(-1) ?? "";
    const before = all.at(-2) ?? "";
    const isSecret = SECRETS.has(last)
      ? !HARMLESS_BEFORE[last]?.has(before)
      : Object.hasOwn(QUALIFIED, last) && isQualified(last, all);
    if (isSecret) return MAY_BE_STRUCTURE.has(last) ? "scalar" : "secret";
    if (all.length <= 1) return ALONE.has(last) ? "scalar" : undefined;
    if (!MODIFIERS.has(last) && !/^\d*$/.test(last)) return undefined;
    all.pop();
  }
}

function isQualified(last: string, all: readonly string[]): boolean {
  const qualifiers = QUALIFIED[last];
  const before = all.at(-2) ?? "";
  return qualifiers?.has(before) === true || qualifiers?.has(`${all.at(-3) ?? ""}-${before}`) === true;
}

/** Returns the words of a name in lower case, without digits at their ends. */
function wordsOf(name: string): string[] {
  const separated = name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase();
  return separated
    .split(/[^\p{L}\d]+/u)
    .map(word => word.replace(/\d+$/, "") || word)
    .filter(word => word !== "")
    .flatMap(splitJoined);
}

/** Splits a word such as `refreshtoken` into its known words. The rest in front of them is one more word. */
function splitJoined(word: string): string[] {
  if (SECRETS.has(word)) return [word];
  const last = PIECES.find(piece => word.endsWith(piece));
  if (last === undefined || last === word) return [word];
  const found = [last];
  let rest = word.slice(0, -last.length);
  for (;;) {
    const piece = PIECES_BEFORE.find(candidate => rest.endsWith(candidate));
    if (piece === undefined) break;
    found.unshift(piece);
    rest = rest.slice(0, -piece.length);
  }
  if (rest !== "") found.unshift(rest);
  return found;
}
