import { CapabilityError, isCapabilityError } from "../base/capability-error.ts";
import type { Environment } from "../base/environment.ts";
import { fileText } from "../base/files/file-text.ts";
import { version } from "../base/version.ts";
import { type LayerPlan, sendThrough } from "../net/layer.ts";
import { type Exchange, type Layer, UNWATCHED, USUAL_CONNECT } from "../net/transport.ts";
import { createNodeHttpTransport } from "../net/wire/node-http.ts";
import { Wire } from "../net/wire.ts";
import { connectionSettings } from "./connection-settings.ts";
import type { OpenOptions } from "./open-options.ts";
import { openSettings } from "./open-settings.ts";

/** How texts are fetched for a command. */
interface FetchRules {
  /** The options that were given: time-outs, redirects, hosts, certificates, proxies. */
  readonly options: OpenOptions;
  readonly env: Environment;
  readonly cwd: string;
  readonly signal: AbortSignal | undefined;
  /** Value of the header `accept`. */
  readonly accept: string;
  /** Longest text, in bytes. */
  readonly maxBytes: number;
  /** Whether a URL of plain `http` is fetched. */
  readonly allowsPlainHttp: boolean;
  /** Whether redirects to other hosts are followed. */
  readonly leavesHost: boolean;
  /**
   * The origin that a person named. Other origins may have public addresses alone, unless the option `egress` says
   * something else: a page could name any computer of the network that it is read in.
   */
  readonly namedOrigin: string;
}

/** A text that was fetched. */
interface FetchedText {
  /** Without a byte order mark. */
  readonly text: string;
  /** Where it came from, after redirects. */
  readonly url: string;
}

/**
 * Gets a text from a URL. Nothing secret is sent.
 *
 * @throws CapabilityError `EGRESS_REFUSED`, `REDIRECT_REFUSED`, `HTTP_STATUS`, `NETWORK`, `TIMEOUT`, `ABORTED`,
 *   `RESPONSE_TOO_LARGE`, `RESPONSE_INVALID`
 */
export async function fetchText(url: string, rules: FetchRules): Promise<FetchedText> {
  requireFetchable(url, rules);
  const { options, env, cwd, signal, accept, maxBytes } = rules;
  const settings = openSettings({ ...options, env });
  const { egress, connection } = await connectionSettings(settings, undefined, { env, cwd, config: undefined });
  const bounds = {
    timeoutMs: settings.timeoutMs,
    connectTimeoutMs: settings.connectTimeoutMs,
    maxResponseBytes: Math.min(maxBytes, settings.maxResponseBytes),
    startMs: undefined,
  };
  const connect = { ...USUAL_CONNECT, rules: connection };
  const exchange: Exchange = { signal, bounds, streams: undefined, connect, watch: UNWATCHED };
  const redirectHosts = egress ?? (rules.leavesHost ? { allowHosts: ["*"] } : undefined);
  const { maxRedirects } = settings;
  const plan: LayerPlan = {
    attempts: undefined,
    redirects: maxRedirects === 0 ? undefined : { maxRedirects, egress: redirectHosts, holdsSecret: undefined },
    egress,
    cache: undefined,
    gate: undefined,
    trace: undefined,
    isObserved: false,
  };
  const isOpen = options.egress !== undefined;
  const wire = createNodeHttpTransport();
  const transport = Object.assign(isOpen ? wire : publicElsewhere(rules.namedOrigin)(wire), { keepsBounds: true });
  const send = await sendThrough(plan, new Wire(transport));
  const headers = { accept, "user-agent": `naftiko/${version}` };
  const response = await send({ method: "GET", url: withoutFragment(url), headers }, exchange).catch(withoutRemedies);
  const found = response.url ?? url;
  if (response.status < 200 || response.status > 299) throw statusError(found, response);
  return { text: textOf(response.body, found), url: found };
}

/** Throws an error of a text that is too large without its remedy: no option allows more than a file may have. */
function withoutRemedies(error: unknown): never {
  if (!isCapabilityError(error, "RESPONSE_TOO_LARGE")) throw error;
  const { message, details } = error;
  throw new CapabilityError("RESPONSE_TOO_LARGE", { message, details, cause: error });
}

/** Connects to public addresses alone, but at one origin. */
function publicElsewhere(origin: string): Layer {
  return next => (request, exchange) => {
    const { rules } = exchange.connect;
    if (rules === undefined || new URL(request.url).origin === origin) return next(request, exchange);
    const id = `${rules.id} public`;
    return next(request, { ...exchange, connect: { ...exchange.connect, rules: { ...rules, id, publicOnly: true } } });
  };
}

function requireFetchable(url: string, { allowsPlainHttp }: FetchRules): void {
  const { protocol, username, password, host } = new URL(url);
  const refuse = (reason: string): CapabilityError =>
    new CapabilityError("EGRESS_REFUSED", {
      message: `Cannot fetch ${protocol}//${host}/…: ${reason}`,
      details: { host, url: `${protocol}//${host}/` },
    });
  if (protocol !== "https:" && protocol !== "http:") throw refuse("only http and https URLs are fetched");
  if (username !== "" || password !== "") throw refuse("it has a user name or a password in it");
  if (protocol === "http:" && !allowsPlainHttp)
    throw refuse("plain http can be changed on the way: take its https URL");
}

function withoutFragment(url: string): string {
  const end = url.indexOf("#");
  return end < 0 ? url : url.slice(0, end);
}

interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

function statusError(url: string, { status, statusText, headers }: Answer): CapabilityError {
  return new CapabilityError("HTTP_STATUS", {
    message: `Cannot fetch ${url}: HTTP ${status} ${statusText}`,
    details: { operation: "GET", status, headers, body: null, request: { method: "GET", url } },
  });
}

function textOf(bytes: Uint8Array, url: string): string {
  try {
    return fileText(bytes);
  } catch (error) {
    throw new CapabilityError("RESPONSE_INVALID", {
      message: `Cannot read ${url}: ${(error as Error).message}`,
      details: { format: "text" },
    });
  }
}
