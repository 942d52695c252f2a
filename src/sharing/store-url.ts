/** URL of a server that processes share. */
export interface StoreUrl {
  readonly kind: "redis" | "postgres";
  /** As given, with its password. */
  readonly url: URL;
  /** Without user, password and parameters, for messages: `redis://cache.example:6379/2`. */
  readonly shown: string;
}

const KINDS: ReadonlyMap<string, StoreUrl["kind"]> = new Map([
  ["redis:", "redis"],
  ["rediss:", "redis"],
  ["postgres:", "postgres"],
  ["postgresql:", "postgres"],
]);

/** Reads the URL of a Redis or a Postgres. `undefined` for any other text. */
export function parseStoreUrl(text: string): StoreUrl | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const kind = KINDS.get(url.protocol);
  if (kind === undefined || url.hostname === "") return undefined;
  const path = url.pathname === "/" ? "" : url.pathname;
  return { kind, url, shown: `${url.protocol}//${url.host}${path}` };
}
