import { matchesGlob } from "../../language/overlays/matches-glob.ts";

/** Something that can be called, as patterns see it. */
export interface PolicyTarget {
  /** Name of its capability. */
  readonly capability: string;
  /** All that it is called by, besides its method and path. */
  readonly names: readonly string[];
  /** `undefined` for something that is exposed. */
  readonly method: string | undefined;
  /** As written in the file; of a request that is passed on, decoded. */
  readonly path: string;
  readonly tags: readonly string[];
  /** For people, as the file has it. */
  readonly baseUri: string;
}

/**
 * Compiles a pattern of operations, `[capability/]name` or `[capability/]METHOD /path`: globs, in which `*` stands for any
 * characters and `?` for one. A method alone stands for all its paths, and a path alone for all its methods: a pattern that
 * denied nothing in these forms would be found out too late.
 */
export function compilePattern(pattern: string): (target: PolicyTarget) => boolean {
  const { capability, name, method, path } = partsOf(pattern.trim());
  const isOf = (target: PolicyTarget) => capability === undefined || matchesGlob(capability, target.capability);
  const isSent = (target: PolicyTarget) =>
    method !== undefined &&
    target.method !== undefined &&
    matchesGlob(method, target.method) &&
    formsOf(target.path).some(form => matchesGlob(path, form));
  return target => isOf(target) && (isSent(target) || target.names.some(own => matchesGlob(name, own)));
}

interface PatternParts {
  readonly capability: string | undefined;
  /** All but the capability. A route that has no name of its own is called by its method and path. */
  readonly name: string;
  /** In upper case. `undefined`: the pattern is about names alone. */
  readonly method: string | undefined;
  readonly path: string;
}

const METHOD = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;

function partsOf(pattern: string): PatternParts {
  const [, capability, name = pattern] = /^([^\s/]+)\/(.*)$/s.exec(pattern) ?? [];
  const [, method, path] = /^([^\s/]+)\s+(\S.*)$/s.exec(name) ?? [];
  if (method !== undefined && path !== undefined)
    return { capability, name, method: method.toUpperCase(), path: /^[/*?]/.test(path) ? path : `/${path}` };
  if (name.startsWith("/")) return { capability, name, method: "*", path: name };
  return { capability, name: name.trim(), method: METHOD.test(name.trim()) ? name.trim() : undefined, path: "*" };
}

/** Returns a path as it is written, and without its query and what only tells operations apart. */
function formsOf(written: string): string[] {
  const path = written.startsWith("/") ? written : `/${written}`;
  const end = path.search(/[?#]/);
  return end < 0 ? [path] : [path, path.slice(0, end)];
}
