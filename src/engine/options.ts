import { DEFAULT_DECODE_LIMITS } from "../base/decode-limits.ts";
import {
  boolean,
  choice,
  func,
  isObject,
  isTexts,
  milliseconds,
  type OptionKind,
  object,
  requireOptions,
  text,
  texts,
  wholeNumber,
} from "../base/option-kinds.ts";
import { baseUriProblem, shownBaseUri } from "../language/expression/base-uri.ts";
import type { SendingSettings } from "../language/overlays/resolved-overlay.ts";
import type { CallOptions, PagesOptions, WaitOptions } from "./call-options.ts";
import type { OpenOptions } from "./open-options.ts";

// Every option once. The checks of the library, the command line with its help, and the pages come from these tables.

/** One option. */
export interface OptionRow<Value = unknown> {
  readonly kind: OptionKind;
  /** Value if neither the option nor an overlay gives one. */
  readonly default?: NonNullable<Value>;
  /** That value in words. */
  readonly otherwise?: string;
  /** Meaning of the number 0, if it is not a bound like any other. */
  readonly zero?: string;
  /** Meaning of the option. */
  readonly text: string;
  /** The same option of the command. */
  readonly flag?: Flag;
}

export type OptionRows<Options> = { readonly [Name in keyof Options]-?: OptionRow<Options[Name]> };

/** Option of the command. */
export interface Flag {
  /** Name behind `--`. */
  readonly name: string;
  /** Name behind `-`. */
  readonly short?: string;
  /** Name of its value; in brackets if it may be left out. */
  readonly value?: string;
  readonly group: FlagGroup;
  /** Meaning, if not that of the option of the library. */
  readonly text?: string;
  /** Way to read its text, if not as its kind; `own`: the command does it apart. */
  readonly form?: "duration" | "negation" | "optional" | "own";
  readonly isRepeatable?: boolean;
}

/** Groups of the command's help, in their order. */
export const FLAG_GROUPS = [
  "Inputs",
  "Capability",
  "What is sent",
  "Where to",
  "What is printed",
  "Pages and waiting",
  "Time and attempts",
  "Security and limits",
] as const;

type FlagGroup = (typeof FLAG_GROUPS)[number];

/** Options of opening that have a value in every call. */
type Defaulted =
  | "dirs"
  | "bindSources"
  | "bindFileRoots"
  | "bindTimeoutMs"
  | "impliedAuthentication"
  | "allowInsecureAuthentication"
  | "timeoutMs"
  | "connectTimeoutMs"
  | "deadlineMs"
  | "retries"
  | "maxResponseBytes"
  | "maxResponseValues"
  | "maxRedirects";

/** Options of opening, complete. */
export type OpenSettings = OpenOptions & {
  readonly [Name in Defaulted]-?: NonNullable<OpenOptions[Name]>;
};

type WaitSettings = WaitOptions & { readonly everyMs: number; readonly forMs: number };

const TIME = { value: "TIME", group: "Time and attempts" } as const;
const FOLDER = { value: "FOLDER", isRepeatable: true } as const;

/** Options of opening a capability. */
export const openOptions: OptionRows<OpenOptions> &
  Readonly<Record<Defaulted, { readonly default: NonNullable<unknown> }>> = {
  dirs: {
    kind: texts("a list of paths"),
    default: [],
    text: "where a name is looked up before all other folders",
    flag: { name: "dir", ...FOLDER, group: "Capability" },
  },
  importRoots: {
    kind: texts("a list of paths"),
    default: [],
    text: "where a file may import from, besides its own folder",
    flag: { name: "allow-import", ...FOLDER, group: "Capability" },
  },
  env: {
    kind: object(),
    otherwise: "process.env",
    text: "where variables without a `location` are looked up; and what steers a call: stores, proxies, folders",
  },
  bindSources: {
    kind: object("a list of functions, or of objects with describe, serves and lookup", areSources),
    default: [],
    text: "functions that look variables up before everything else",
  },
  bindFileRoots: {
    kind: texts("a list of paths"),
    default: [],
    text: "where binds may name files, besides the file's own folder and the working one",
    flag: { name: "allow-bind-files", ...FOLDER, group: "Security and limits" },
  },
  bindTimeoutMs: {
    kind: milliseconds(0),
    default: 10_000,
    zero: "no limit",
    text: "longest time of looking a variable up",
    flag: { name: "bind-timeout", ...TIME },
  },
  baseUri: {
    kind: object("a URL, or URLs by namespace", areUrls),
    text: "a URL in place of the file's base URI, or one for each namespace",
    flag: {
      name: "base-uri",
      value: "[namespace=]URL",
      group: "Where to",
      text: "a URL in place of the file's base URI",
      form: "own",
      isRepeatable: true,
    },
  },
  authentication: {
    kind: object('"none", or declarations with a type by namespace', areDeclarations),
    text: 'declarations by namespace, in the form the file has them; or `"none"` for no credential at all',
  },
  overlays: {
    kind: object(),
    text: "what is different about the capability, in the form `naftiko.config.yaml` has it; no file is looked for",
  },
  profile: {
    kind: text("the name of a profile of overlays"),
    text: "the profile of `overlays` that is laid over its base",
    flag: {
      name: "profile",
      value: "NAME",
      group: "Capability",
      text: "the profile of the configuration that is laid over it",
    },
  },
  impliedAuthentication: {
    kind: boolean,
    default: true,
    text: "whether a credential may be implied",
    flag: {
      name: "no-implied-auth",
      group: "What is sent",
      text: "send no credential that the file does not declare",
      form: "negation",
    },
  },
  allowInsecureAuthentication: {
    kind: boolean,
    default: false,
    text: "whether credentials and variables may go over plain http to other computers",
    flag: {
      name: "allow-insecure-auth",
      group: "Security and limits",
      text: "send credentials and variables over plain http to other computers too",
    },
  },
  timeoutMs: {
    kind: milliseconds(0),
    default: 30_000,
    zero: "no limit",
    text: "longest time of one attempt, to the last byte; in a stream between two pieces",
    flag: { name: "timeout", ...TIME },
  },
  connectTimeoutMs: {
    kind: milliseconds(0),
    default: 10_000,
    zero: "no limit",
    text: "longest time of opening a connection",
    flag: { name: "connect-timeout", ...TIME },
  },
  deadlineMs: {
    kind: milliseconds(0),
    default: 0,
    zero: "no limit",
    text: "longest time of a whole call with all its attempts",
    flag: { name: "deadline", ...TIME },
  },
  retries: {
    kind: wholeNumber(0),
    default: 2,
    text: "further attempts after a failure that may pass, of requests that may be repeated",
    flag: { name: "retries", value: "N", group: "Time and attempts" },
  },
  maxResponseBytes: {
    kind: wholeNumber(0),
    default: 67_108_864,
    otherwise: "64 MiB",
    text: "longest answer in bytes, unpacked; in a stream its longest item",
    flag: { name: "max-bytes", value: "N", group: "Security and limits" },
  },
  maxResponseValues: {
    kind: wholeNumber(0),
    default: DEFAULT_DECODE_LIMITS.maxValues,
    text: "values that an answer may decode to: members, items, cells, elements",
    flag: { name: "max-values", value: "N", group: "Security and limits" },
  },
  maxDecodeMs: {
    kind: milliseconds(0),
    otherwise: "1500 ms, or 400 ms for each MiB",
    text: "longest processor time of decoding an answer",
    flag: { name: "max-decode-time", value: "TIME", group: "Security and limits" },
  },
  cache: {
    kind: object(
      'true, false, "memory", options, or a cache of createResponseCache',
      value => typeof value === "boolean" || value === "memory" || isObject(value),
    ),
    default: false,
    text: "whether answers are kept for later calls, and where: `true`, `{ file }`, or a cache that capabilities share",
    flag: {
      name: "cache",
      value: "[=FILE]",
      group: "Where to",
      text: "keep answers for later calls, as far as their headers allow it; in the user's cache folder, or in FILE",
      form: "own",
    },
  },
  maxRedirects: {
    kind: wholeNumber(0),
    default: 5,
    zero: "none",
    text: "redirects followed at most",
    flag: { name: "max-redirects", value: "N", group: "Time and attempts" },
  },
  allowHosts: {
    kind: texts("a list of host names"),
    text: "hosts that may be called, or `*.example.com` for all below one; no others may",
    flag: {
      name: "allow-host",
      value: "HOST",
      group: "Security and limits",
      text: "a host that may be called, or `*.example.com` for all below one; no others may",
      isRepeatable: true,
    },
  },
  egress: {
    kind: choice(["any", "public"]),
    default: "any",
    text: "`public`: only public addresses are connected to",
    flag: { name: "egress", value: "any|public", group: "Security and limits" },
  },
  certificateAuthority: {
    kind: text("certificates in PEM"),
    text: "certificates of authorities in PEM, trusted besides Node's",
    flag: {
      name: "ca-cert",
      value: "FILE",
      group: "Security and limits",
      text: "a file of certificates in PEM, trusted besides Node's",
      form: "own",
    },
  },
  http2: {
    kind: boolean,
    default: false,
    text: "whether HTTP/2 is spoken with servers that offer it",
  },
  transport: {
    kind: func,
    otherwise: "undici",
    text: "what sends requests: a function of a request and an exchange that gives the answer; it may be shared",
  },
  onEvent: { kind: func, text: "told of what happens in calls" },
};

/** Options of one call. */
export const callOptions: OptionRows<CallOptions> = {
  cache: {
    kind: boolean,
    default: true,
    text: "`false`: the answer comes from the API, and not from the cache",
  },
  signal: { kind: object("an AbortSignal", isSignal), text: "ends the call with `ABORTED`" },
  deadlineMs: {
    kind: milliseconds(0),
    otherwise: "the capability's",
    zero: "no limit",
    text: "longest time of the call with all its attempts",
  },
  idempotencyKey: {
    kind: object("true, false or a text", value => typeof value === "boolean" || typeof value === "string"),
    text: "a key by which the API knows a repeated request, so that any may be; `true` makes one up",
    flag: {
      name: "idempotency-key",
      value: "[=KEY]",
      group: "What is sent",
      text: "send a key, made up or given, by which the API knows a repeated request, so that any may be",
      form: "optional",
    },
  },
};

/** Options of a walk through pages. */
export const pagesOptions: OptionRows<PagesOptions> = {
  ...callOptions,
  // The walk checks it, and says what is wrong in it.
  pagination: {
    kind: object("a description of pages", () => true),
    otherwise: "detected",
    text: "how the next page is found",
  },
  maxPages: {
    kind: wholeNumber(1),
    text: "pages after which the walk ends; without it, more than 1,000 are an error",
    flag: {
      name: "max-pages",
      value: "N",
      group: "Pages and waiting",
      text: "with `--all`: end after N pages",
    },
  },
  maxItems: {
    kind: wholeNumber(1),
    text: "items after which the walk ends",
    flag: {
      name: "max-items",
      value: "N",
      group: "Pages and waiting",
      text: "with `--all`: end after N items",
    },
  },
};

/** Options of waiting for an answer. */
export const waitOptions: OptionRows<WaitOptions> = {
  ...callOptions,
  until: {
    kind: object(
      "a JSONPath filter or a function",
      value => typeof value === "string" || typeof value === "function",
    ),
    text: "a filter of the outputs or a function of the result: what is waited for",
    flag: {
      name: "until",
      value: "FILTER",
      group: "Pages and waiting",
      text: "call again and again until the outputs match, such as `\"$.status == 'done'\"`",
      form: "own",
    },
  },
  everyMs: {
    kind: milliseconds(1),
    default: 5_000,
    text: "pause between two calls",
    flag: {
      name: "every",
      value: "DURATION",
      group: "Pages and waiting",
      text: "with `--until`: pause between two calls",
      form: "duration",
    },
  },
  forMs: {
    kind: milliseconds(1),
    default: 120_000,
    text: "longest time of it all",
    flag: {
      name: "for",
      value: "DURATION",
      group: "Pages and waiting",
      text: "with `--until`: longest time of it all",
      form: "duration",
    },
  },
  onCall: {
    kind: func,
    text: "told the number of calls and the time taken, after each call that did not match",
  },
};

/**
 * Checks the options of opening a capability.
 *
 * @throws TypeError, RangeError
 */
export function checkOptions(options: OpenOptions): void {
  requireOptions(options, openOptions);
  for (const [namespace, url] of baseUrisOf(options.baseUri)) {
    const problem = baseUriProblem(url);
    if (problem !== undefined)
      throw new TypeError(`The base URI ${JSON.stringify(shownBaseUri(url))} (${namespace}) ${problem}`);
  }
}

/**
 * Completes the options of opening: they win over the settings of overlays, and these over the defaults.
 *
 * @param overlaid settings for one operation
 */
export function openSettings(options: OpenOptions, overlaid: SendingSettings = {}): OpenSettings {
  const below = Object.entries(overlaid).map(([name, { value }]) => [name, value]);
  return withDefaults(openOptions, options, Object.fromEntries(below)) as OpenSettings;
}

/** Completes the options of waiting. */
export function waitSettings(options: WaitOptions): WaitSettings {
  return withDefaults(waitOptions, options) as WaitSettings;
}

/** Completes options by those below them, and by the defaults of their table. */
export function withDefaults<Options>(
  rows: OptionRows<Options>,
  given: Partial<Options>,
  below: Partial<Options> = {},
): Options {
  const names = Object.keys(rows) as (keyof Options)[];
  // Typed by `rows`, which `Object.fromEntries` does not follow.
  return Object.fromEntries(
    names.map(name => [name, given[name] ?? below[name] ?? rows[name].default]),
  ) as Options;
}

/** Returns the base URIs by namespace; one for every adapter is under `"*"`. */
export function baseUrisOf(baseUri: OpenOptions["baseUri"]): ReadonlyMap<string, string> {
  if (baseUri === undefined) return new Map();
  return typeof baseUri === "string" ? new Map([["*", baseUri]]) : new Map(Object.entries(baseUri));
}

function areUrls(value: unknown): boolean {
  return typeof value === "string" || (isObject(value) && isTexts(Object.values(value)));
}

function areSources(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      source => typeof source === "function" || hasMethods(source, ["describe", "serves", "lookup"]),
    )
  );
}

function areDeclarations(value: unknown): boolean {
  return (
    value === "none" ||
    (isObject(value) &&
      Object.values(value).every(
        (item: unknown) => isObject(item) && typeof (item as { type?: unknown }).type === "string",
      ))
  );
}

function isSignal(value: unknown): boolean {
  return hasMethods(value, ["addEventListener"]);
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  if (!isObject(value)) return false;
  const members = value as Readonly<Record<string, unknown>>;
  return names.every(name => typeof members[name] === "function");
}
