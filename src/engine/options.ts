import { DEFAULT_DECODE_LIMITS } from "../base/decode-limits.ts";
import { isJsonObject, isObject } from "../base/json-object.ts";
import {
  boolean,
  choice,
  func,
  isTexts,
  milliseconds,
  object,
  text,
  texts,
  wholeNumber,
} from "../base/option-kinds.ts";
import type { OptionRows } from "../base/option-row.ts";
import type { PolicySetting } from "../language/overlays/overlays.ts";
import { capabilityRows, operationRows } from "../language/overlays/sending-settings.ts";
import type { CallOptions, PagesOptions, WaitOptions } from "./call-options.ts";
import type { OpenSettings } from "./open-options.ts";

// Every option once; those that overlays set too have their rows in `sending-settings.ts`. The checks of the library,
// the command line with its help, and the pages come from these tables.

const TIME = { value: "TIME", group: "Time and attempts" } as const;
const FOLDER = { value: "FOLDER", isRepeatable: true } as const;

/** Options of opening a capability. */
export const openOptions: OptionRows<OpenSettings> = {
  dirs: {
    kind: texts("a list of paths"),
    default: [],
    text: "where a name is looked up, with everything below, before all other folders",
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
    // Read when a capability is opened.
    get default() {
      return process.env;
    },
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
  scriptRoots: {
    kind: texts("a list of paths"),
    default: [],
    text: "where scripts of steps may be, besides the file's own folder and the working one",
    flag: { name: "allow-scripts", ...FOLDER, group: "Security and limits" },
  },
  folderRoots: {
    kind: texts("a list of paths"),
    default: [],
    text: "where folders that a server gives to its callers may be, besides the file's own folder and the working one",
    flag: { name: "allow-folders", ...FOLDER, group: "Security and limits" },
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
  policy: {
    kind: object("a policy", value => isJsonObject(value)),
    text: "what may be called: `allow`, `deny`, `readOnly`, `toolset`, `confirm`, as in `naftiko.config.yaml`",
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
  timeoutMs: operationRows.timeoutMs,
  connectTimeoutMs: operationRows.connectTimeoutMs,
  deadlineMs: operationRows.deadlineMs,
  retries: operationRows.retries,
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
  largeIntegers: {
    kind: choice(["bigint", "string"]),
    default: "bigint",
    text: 'what an integer of an answer is if a number of JavaScript cannot hold it: a `bigint`, or `"string"` for its text',
  },
  cache: {
    ...operationRows.cache,
    kind: object(
      'true, false, "memory", options, or a cache of createResponseCache',
      value => typeof value === "boolean" || value === "memory" || isJsonObject(value),
    ),
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
  allowHosts: capabilityRows.allowHosts,
  egress: capabilityRows.egress,
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

/** Rules of a policy. */
export const policyOptions: OptionRows<PolicySetting> = {
  allow: {
    kind: texts("a list of patterns of operations"),
    text: "operations that may be called, and no others: `getUser`, `shop/list*`, `GET /users/*`",
    flag: { name: "allow", value: "PATTERN", group: "Security and limits", isRepeatable: true },
  },
  deny: {
    kind: texts("a list of patterns of operations"),
    text: "operations that may not be called, whatever else allows them",
    flag: { name: "deny", value: "PATTERN", group: "Security and limits", isRepeatable: true },
  },
  readOnly: {
    kind: boolean,
    text: "call nothing but GET and HEAD",
    flag: { name: "read-only", group: "Security and limits" },
  },
  toolset: {
    kind: texts("a list of tags"),
    text: "a tag: only operations that carry it may be called",
    flag: { name: "toolset", value: "TAG", group: "Security and limits", isRepeatable: true },
  },
  confirm: {
    kind: choice(["writes", "destructive"]),
    text: "calls that a person has to confirm: `writes` is all but GET and HEAD, `destructive` is DELETE",
    flag: { name: "confirm", value: "WHAT", group: "Security and limits" },
  },
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
  confirm: { kind: func, text: "asks a person whether a call may be made that the policy wants confirmed" },
  idempotencyKey: {
    kind: operationRows.idempotencyKey.kind,
    text: "a key by which the API knows a repeated request, so that any may be; `true` makes one up",
    flag: {
      name: "idempotency-key",
      value: "[=KEY]",
      group: "What is sent",
      text: "send a key, made up or given, by which the API knows a repeated request, so that any may be",
      form: "optional",
    },
  },
  headers: {
    kind: object("texts, or null, by header name", value =>
      hasValues(value, item => item === null || typeof item === "string"),
    ),
    text: "headers by name, in place of those of the request; `null` leaves one out",
    flag: {
      name: "header",
      short: "H",
      value: "'NAME: VALUE'",
      group: "What is sent",
      text: "a header, in place of the one of the request; `'NAME;'` sends it empty, `'NAME:'` leaves it out",
      form: "headers",
      isRepeatable: true,
    },
  },
  query: {
    kind: object("texts, or lists of texts, by name", value =>
      hasValues(value, item => typeof item === "string" || isTexts(item)),
    ),
    text: "query parameters by name, in place of those of the request; a list repeats the name",
    flag: {
      name: "query",
      value: "NAME=VALUE",
      group: "What is sent",
      text: "a query parameter, in place of those of its name",
      form: "query",
      isRepeatable: true,
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
      text: "with `--all`: end after N pages; more than 1,000 are an error otherwise",
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
export const waitOptions: OptionRows<Partial<WaitOptions>> = {
  ...callOptions,
  until: {
    kind: object("a JSONPath filter or a function", value => typeof value === "string" || typeof value === "function"),
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

function hasValues(value: unknown, holds: (item: unknown) => boolean): boolean {
  return isJsonObject(value) && Object.values(value).every(item => item === undefined || holds(item));
}

function areUrls(value: unknown): boolean {
  return typeof value === "string" || (isObject(value) && isTexts(Object.values(value)));
}

function areSources(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(source => typeof source === "function" || hasMethods(source, ["describe", "serves", "lookup"]))
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
