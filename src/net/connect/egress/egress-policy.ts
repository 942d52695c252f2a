import { CapabilityError } from "../../../base/capability-error.ts";

/** The hosts to which the requests of a capability may go. */
export interface EgressPolicy {
  /** Names, `*.example.com` for every name below one, or `*`. */
  readonly allowHosts: readonly string[];
}

/**
 * Refuses a host that is not allowed. Ports do not matter.
 *
 * @param egress without one, only the host of `firstUrl` is allowed
 * @param firstUrl what was asked for before any redirect
 * @throws CapabilityError `EGRESS_REFUSED`
 */
export function requireAllowedHost(url: string, egress: EgressPolicy | undefined, firstUrl: string): void {
  const host = hostOf(url);
  if (egress === undefined ? host === hostOf(firstUrl) : egress.allowHosts.some(allows(host))) return;
  const among =
    egress === undefined
      ? `${host} is another host`
      : `${host} is not among the allowed hosts (${listed(egress.allowHosts)})`;
  throw new CapabilityError("EGRESS_REFUSED", {
    message: `Cannot ${url === firstUrl ? `send to ${host}` : `follow the redirect of ${firstUrl} to ${url}`}: ${among}`,
    details: { host, url },
    remedies: [{ option: "allowHosts", value: egress === undefined ? [hostOf(firstUrl), host] : [host] }],
  });
}

/**
 * Returns why a text cannot name allowed hosts, or `undefined` if it can.
 */
export function hostPatternProblem(pattern: string): string | undefined {
  if (pattern === "*") return undefined;
  if (pattern.includes("://")) return "it is a URL: write the host alone";
  const name = pattern.replace(/^\*\./, "");
  if (name.includes("*")) return 'a "*" stands alone, or before a name as "*."';
  if (/^[^[:]+:\d*$|\]:\d*$/.test(name)) return "ports do not matter: write the host alone";
  return /[/?#@\\]/.test(name) || canonical(name) === "" ? "it is not a host name" : undefined;
}

function allows(host: string): (pattern: string) => boolean {
  return pattern => {
    if (pattern === "*") return true;
    return pattern.startsWith("*.") ? host.endsWith(`.${canonical(pattern.slice(2))}`) : host === canonical(pattern);
  };
}

function hostOf(url: string): string {
  return withoutDot(new URL(url).hostname);
}

/** Returns a host as a URL parser writes it, or an empty text if it is not a host. */
function canonical(name: string): string {
  const url = `http://${name.includes(":") && !name.startsWith("[") ? `[${name}]` : name}/`;
  return URL.canParse(url) ? hostOf(url) : "";
}

/** Removes the last dot: `api.test.` is the absolute form of `api.test` (RFC 1034, 3.1). */
function withoutDot(host: string): string {
  return host.endsWith(".") ? host.slice(0, -1) : host;
}

const MOST_LISTED = 8;

function listed(hosts: readonly string[]): string {
  if (hosts.length === 0) return "there are none";
  const more = hosts.length > MOST_LISTED ? `, and ${hosts.length - MOST_LISTED} more` : "";
  return `${hosts.slice(0, MOST_LISTED).join(", ")}${more}`;
}
