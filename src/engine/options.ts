import {
  choice,
  flag,
  func,
  isObject,
  isTexts,
  type OptionKind,
  object,
  requireOptions,
  text,
  texts,
  wholeNumber,
} from "../base/option-kinds.ts";
import { baseUriProblem, shownBaseUri } from "../language/expression/base-uri.ts";
import type { CallOptions, PagesOptions, WaitOptions } from "./call-options.ts";
import type { OpenOptions } from "./open-options.ts";

/** One option. */
interface OptionRow {
  readonly kind: OptionKind;
}

/** Options of opening a capability. */
const openOptions: Readonly<Record<keyof OpenOptions, OptionRow>> = {
  dirs: { kind: texts("a list of paths") },
  importRoots: { kind: texts("a list of paths") },
  env: { kind: object },
  bindSources: {
    kind: { words: "a list of functions, or of objects with describe, serves and lookup", holds: areSources },
  },
  bindFileRoots: { kind: texts("a list of paths") },
  bindTimeoutMs: { kind: wholeNumber(0) },
  baseUri: { kind: { words: "a URL, or URLs by namespace", holds: areUrls } },
  authentication: {
    kind: { words: '"none", or declarations with a type by namespace', holds: areDeclarations },
  },
  overlays: { kind: object },
  profile: { kind: text("the name of a profile of overlays") },
  impliedAuthentication: { kind: flag },
  allowInsecureAuthentication: { kind: flag },
  timeoutMs: { kind: wholeNumber(0) },
  connectTimeoutMs: { kind: wholeNumber(0) },
  deadlineMs: { kind: wholeNumber(0) },
  retries: { kind: wholeNumber(0) },
  maxResponseBytes: { kind: wholeNumber(0) },
  maxResponseValues: { kind: wholeNumber(0) },
  maxDecodeMs: { kind: wholeNumber(0) },
  cache: {
    kind: {
      words: 'true, false, "memory", options, or a cache of createResponseCache',
      holds: value => typeof value === "boolean" || value === "memory" || isObject(value),
    },
  },
  maxRedirects: { kind: wholeNumber(0) },
  allowHosts: { kind: texts("a list of host names") },
  egress: { kind: choice("any", "public") },
  certificateAuthority: { kind: text("certificates in PEM") },
  http2: { kind: flag },
  transport: { kind: func },
  onEvent: { kind: func },
};

/** Options of one call. */
export const callOptions: Readonly<Record<keyof CallOptions, OptionRow>> = {
  cache: { kind: flag },
  signal: { kind: { words: "an AbortSignal", holds: isSignal } },
  deadlineMs: { kind: wholeNumber(0) },
  idempotencyKey: {
    kind: {
      words: "true, false or a text",
      holds: value => typeof value === "boolean" || typeof value === "string",
    },
  },
};

/** Options of a walk through pages. */
export const pagesOptions: Readonly<Record<keyof PagesOptions, OptionRow>> = {
  ...callOptions,
  // The walk checks it, and says what is wrong in it.
  pagination: { kind: { words: "a description of pages", holds: () => true } },
  maxPages: { kind: wholeNumber(1) },
  maxItems: { kind: wholeNumber(1) },
};

/** Options of waiting for an answer. */
export const waitOptions: Readonly<Record<keyof WaitOptions, OptionRow>> = {
  ...callOptions,
  until: {
    kind: {
      words: "a JSONPath filter or a function",
      holds: value => typeof value === "string" || typeof value === "function",
    },
  },
  everyMs: { kind: wholeNumber(1) },
  forMs: { kind: wholeNumber(1) },
  onCall: { kind: func },
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
