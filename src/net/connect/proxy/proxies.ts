import { BlockList, isIP } from "node:net";
import { CapabilityError } from "../../../base/capability-error.ts";
import type { Environment } from "../../../base/environment.ts";
import { getOrSet } from "../../../base/get-or-set.ts";
import { percentDecode } from "../../../base/percent-decoding.ts";
import { isLoopback } from "../../../base/plain-http.ts";
import { PROXIES_BY_SCHEME, PROXY_VARIABLES } from "./proxy-variables.ts";

/** A proxy. */
export interface ProxyServer {
  readonly protocol: "http:" | "https:";
  readonly hostname: string;
  readonly port: number;
  /** `host:port`, for people. */
  readonly host: string;
  /** Its own credential, which servers behind it do not get. */
  readonly authorization?: string;
  /** The variable that names it. */
  readonly variable: string;
}

/** The proxies that an environment names. */
export interface Proxies {
  /**
   * Returns the proxy for a URL, or `undefined` if the URL needs none.
   *
   * @throws CapabilityError `NETWORK` for an unusable proxy
   */
  for(url: string): ProxyServer | undefined;
  /** Secrets in the variables. */
  readonly secrets: readonly string[];
}

/**
 * Reads the variables that curl reads. Each is parsed when a request needs it, so that a malformed one does not affect the
 * others.
 *
 * @returns `undefined` if there are none
 */
export function readProxies(env: Environment): Proxies | undefined {
  if (!PROXY_VARIABLES.some(name => env[name])) return undefined;
  const exceptions = (env["no_proxy"] ?? env["NO_PROXY"] ?? "").split(/[\s,]+/).filter(entry => entry !== "");
  const known = new Map<string, ProxyServer>();
  return {
    secrets: PROXY_VARIABLES.flatMap(name => secretsOf(env[name] ?? "")),
    for(url) {
      const { protocol, hostname, port } = new URL(url);
      const variable = PROXIES_BY_SCHEME[protocol]?.find(name => env[name]);
      if (variable === undefined || isMeantHere(hostname)) return undefined;
      const number = port === "" ? (protocol === "https:" ? "443" : "80") : port;
      if (exceptions.some(exception => isExcepted(hostname, number, exception))) return undefined;
      return getOrSet(known, variable, () => parseProxy(variable, env[variable] ?? "", url));
    },
  };
}

/**
 * Returns whether a host means this computer, which is reached without a proxy, as in Go: a proxy's `localhost` is another
 * one. Names below `localhost` mean this computer too, although the DNS decides where they lead.
 */
function isMeantHere(hostname: string): boolean {
  return isLoopback(hostname) || /(?:^|\.)localhost\.?$/.test(hostname);
}

/**
 * Returns whether an entry of `NO_PROXY` means a host: `*`, a domain with all below it (even with a dot or `*.` in front),
 * an address, or a block of addresses (`10.0.0.0/8`). All but the last may end with a port.
 */
function isExcepted(hostname: string, port: string, exception: string): boolean {
  if (exception === "*") return true;
  const host = hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  const [, network, bits] = /^(.+)\/(\d{1,3})$/.exec(exception) ?? [];
  if (network !== undefined) return isWithin(host, network, Number(bits));
  const [, name = "", ownPort] =
    isIP(exception) === 6 ? [exception, exception] : (/^\[?(.*?)\]?(?::(\d+))?$/.exec(exception) ?? []);
  if (ownPort !== undefined && ownPort !== port) return false;
  const domain = name.toLowerCase().replace(/^\*?\./, "");
  return host === domain || (domain !== "" && isIP(host) === 0 && host.endsWith(`.${domain}`));
}

function isWithin(host: string, network: string, bits: number): boolean {
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || bits > (family === 4 ? 32 : 128)) return false;
  const name = family === 4 ? "ipv4" : "ipv6";
  const block = new BlockList();
  block.addSubnet(network, bits, name);
  return block.check(host, name);
}

function parseProxy(variable: string, value: string, url: string): ProxyServer {
  const written = withScheme(value);
  const parsed = URL.canParse(written) ? new URL(written) : undefined;
  const { protocol, hostname = "", username = "", password = "" } = parsed ?? {};
  if ((protocol !== "http:" && protocol !== "https:") || hostname === "") {
    throw new CapabilityError("NETWORK", {
      message: `Cannot reach ${new URL(url).host}: the proxy that ${variable} names, ${JSON.stringify(withoutCredentials(value))}, is not an http or https URL; correct it, or name the host in NO_PROXY`,
      details: { reason: "PROXY_INVALID", url },
    });
  }
  const port = Number(parsed?.port || (protocol === "https:" ? 443 : 80));
  return {
    protocol,
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
    host: `${hostname}:${port}`,
    ...(username === "" && password === "" ? {} : { authorization: basic(username, password) }),
    variable,
  };
}

/** Adds the scheme: `proxy.test:3128` means http. */
function withScheme(value: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${percentDecode(username)}:${percentDecode(password)}`).toString("base64")}`;
}

function secretsOf(value: string): string[] {
  const written = withScheme(value);
  if (value === "" || !URL.canParse(written)) return [];
  const { username, password } = new URL(written);
  if (username === "" && password === "") return [];
  return [password, percentDecode(password), basic(username, password).replace("Basic ", "")];
}

function withoutCredentials(value: string): string {
  return value.replace(/^((?:[a-z][a-z0-9+.-]*:\/\/)?).*@/is, "$1");
}
