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
 * characters and `?` for one.
 */
export function compilePattern(pattern: string): (target: PolicyTarget) => boolean {
  const { capability, method, rest } = partsOf(pattern);
  const isOf = (target: PolicyTarget) => capability === undefined || matchesGlob(capability, target.capability);
  if (method === undefined) return target => isOf(target) && target.names.some(name => matchesGlob(rest, name));
  return target =>
    isOf(target) && target.method !== undefined && matchesGlob(method, target.method) && matchesGlob(rest, target.path);
}

interface PatternParts {
  readonly capability: string | undefined;
  /** In upper case. */
  readonly method: string | undefined;
  /** Glob of the path, or of the name. */
  readonly rest: string;
}

function partsOf(pattern: string): PatternParts {
  const [, capability, method, path] = /^(?:([^\s/]+)\/)?([^\s/]+)\s+(\S.*)$/.exec(pattern.trim()) ?? [];
  if (method !== undefined && path !== undefined) return { capability, method: method.toUpperCase(), rest: path };
  const slash = pattern.indexOf("/");
  if (slash < 0) return { capability: undefined, method: undefined, rest: pattern.trim() };
  return { capability: pattern.slice(0, slash).trim(), method: undefined, rest: pattern.slice(slash + 1).trim() };
}
