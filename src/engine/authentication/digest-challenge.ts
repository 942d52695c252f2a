import { authenticationError } from "./authentication-error.ts";

/** One challenge of a `WWW-Authenticate` field (RFC 9110, 11.6.1). */
interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** Values without quotes, by name in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[!#$%&'*+.^_`|~\\w-]+";
const PARAMETER = new RegExp(
  `[\\s,]*(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))[ \\t]*(?=,|$)`,
  "y",
);
const SCHEME = new RegExp(`[\\s,]*(${TOKEN})(?:[ \\t]+|(?=,|$))`, "y");
/** The credentials of schemes such as Negotiate, which have no parameters. */
const TOKEN68 = /[\w.~+/-]+=*[ \t]*(?=,|$)/y;

/** Parses the challenges of all `WWW-Authenticate` fields. A malformed part ends its field. */
export function parseChallenges(fields: string | readonly string[] | undefined): Challenge[] {
  const challenges: Challenge[] = [];
  for (const field of [fields ?? []].flat()) {
    let position = 0;
    const next = (pattern: RegExp): RegExpExecArray | null => {
      pattern.lastIndex = position;
      const match = pattern.exec(field);
      if (match !== null) position = pattern.lastIndex;
      return match;
    };
    for (let scheme = next(SCHEME); scheme !== null; scheme = next(SCHEME)) {
      const parameters = new Map<string, string>();
      let match = next(PARAMETER);
      if (match === null) next(TOKEN68);
      for (; match !== null; match = next(PARAMETER)) {
        const [, name = "", quoted, token = ""] = match;
        parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? token);
      }
      challenges.push({ scheme: (scheme[1] ?? "").toLowerCase(), parameters });
    }
  }
  return challenges;
}

/** A hash of RFC 7616, 6.1, by its names in challenges and in `node:crypto`. */
interface DigestAlgorithm {
  readonly name: string;
  readonly hash: "md5" | "sha256" | "sha512-256";
}

/** The known hashes, strongest first: the strongest challenge is answered (RFC 7616, 3.7). */
const ALGORITHMS: readonly DigestAlgorithm[] = [
  { name: "SHA-512-256", hash: "sha512-256" },
  { name: "SHA-256", hash: "sha256" },
  { name: "MD5", hash: "md5" },
];

/** A challenge that can be answered. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque?: string | undefined;
  /** Name in the challenge. */
  readonly algorithm?: string | undefined;
  readonly hash: DigestAlgorithm["hash"];
  /** Whether the key is bound to the first nonces: `…-sess`. */
  readonly session: boolean;
  /** `undefined` for a server older than RFC 2617. */
  readonly qop?: "auth" | "auth-int" | undefined;
  readonly userhash: boolean;
}

/**
 * Chooses the challenge to answer.
 *
 * @throws CapabilityError `AUTHENTICATION_FAILED` if none can be answered
 */
export function chooseChallenge(challenges: readonly Challenge[]): DigestChallenge {
  const offered = challenges.filter(({ scheme }) => scheme === "digest");
  if (offered.length === 0) {
    const schemes = [...new Set(challenges.map(({ scheme }) => JSON.stringify(scheme)))].join(", ");
    throw authenticationError(
      "digest",
      "no_challenge",
      `The API answered 401 without a Digest challenge; it offers ${schemes || "no way to authenticate"}`,
    );
  }
  for (const { name, hash } of ALGORITHMS) {
    for (const { parameters } of offered) {
      const algorithm = parameters.get("algorithm");
      const written = (algorithm ?? "MD5").toUpperCase();
      const qop = chooseQop(parameters.get("qop"));
      const nonce = parameters.get("nonce");
      if (nonce === undefined || qop === null || (written !== name && written !== `${name}-SESS`)) continue;
      return {
        realm: parameters.get("realm") ?? "",
        nonce,
        opaque: parameters.get("opaque"),
        algorithm,
        hash,
        session: written !== name,
        qop,
        userhash: parameters.get("userhash")?.toLowerCase() === "true",
      };
    }
  }
  throw authenticationError("digest", "unsupported_challenge", describeUnanswerable(offered));
}

/** Chooses the quality of protection. Returns `null` if the challenge offers only unknown ones. */
function chooseQop(offered: string | undefined): "auth" | "auth-int" | undefined | null {
  if (offered === undefined || offered.trim() === "") return undefined;
  const options = offered.toLowerCase().split(/[\s,]+/);
  return options.includes("auth") ? "auth" : options.includes("auth-int") ? "auth-int" : null;
}

function describeUnanswerable(offered: readonly Challenge[]): string {
  const found = offered.map(({ parameters }) => {
    const qop = parameters.get("qop");
    return `algorithm ${JSON.stringify(parameters.get("algorithm") ?? "MD5")}${qop === undefined ? "" : ` with qop ${JSON.stringify(qop)}`}${parameters.has("nonce") ? "" : " without a nonce"}`;
  });
  const known = ALGORITHMS.map(({ name }) => name).join(", ");
  return `The API's Digest challenge cannot be answered: it asks for ${found.join(" or ")}; known are ${known}, each also with -sess, and qop auth and auth-int`;
}
