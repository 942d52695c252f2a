import { getOrSet } from "../../../base/get-or-set.ts";
import type { CapabilityModel, Operation } from "../../../language/model/types.ts";
import { PAGING_INPUTS } from "./paging-inputs.ts";
import { ResourceMap } from "./resource-map.ts";
import { type ResourcePart, resourceParts } from "./resource-path.ts";
import { isListLike, type Role, roleOf } from "./role.ts";
import { isLiteral, type SegmentPattern, splitSegments } from "./segment-pattern.ts";

/** One served path with all its operations. */
export interface Endpoint {
  readonly namespace: string;
  /** Segments from the root of the server. */
  readonly pattern: readonly SegmentPattern[];
  /** The resource path, from the base URI. */
  readonly parts: readonly ResourcePart[];
  readonly role: Role;
  /** Whether reading gives a list if nothing is stored. */
  readonly listLike: boolean;
  /** Operations by method in upper case. Several differ in their inputs, or only in a `#fragment`. */
  readonly operations: ReadonlyMap<string, readonly Operation[]>;
}

/** All endpoints of a sandbox. */
export interface Site {
  /** By number of segments, more literal paths first. */
  readonly endpoints: ReadonlyMap<number, readonly Endpoint[]>;
  /** By namespace. */
  readonly maps: ReadonlyMap<string, ResourceMap>;
}

/** Builds the endpoints of capabilities. `paths` are the paths that the namespaces are served below. */
export function buildSite(capabilities: readonly CapabilityModel[], paths: ReadonlyMap<string, string>): Site {
  const maps = new Map([...paths.keys()].map(namespace => [namespace, new ResourceMap()]));
  const drafts = new Map<string, Draft>();
  for (const operation of capabilities.flatMap(capability => capability.operations)) {
    const { namespace } = operation.adapter;
    const own = splitSegments(operation.pathParts);
    const pattern = [...splitSegments([paths.get(namespace) ?? ""]), ...own];
    const parts = resourceParts(own);
    const method = operation.method.toUpperCase();
    maps.get(namespace)?.add(parts, method, takesPage(operation));
    const key = `${namespace} ${pattern.map(patternText).join("/")}`;
    const draft = getOrSet(drafts, key, () => ({ namespace, pattern, parts, operations: new Map() }));
    getOrSet(draft.operations, method, () => []).push(operation);
  }
  // A path's role depends on the other paths, so it is known only now.
  const endpoints = [...drafts.values()].map(draft => finish(draft, maps.get(draft.namespace) ?? new ResourceMap()));
  endpoints.sort((a, b) => a.pattern.length - b.pattern.length || comparePatterns(a.pattern, b.pattern));
  const bySegments = new Map<number, Endpoint[]>();
  for (const endpoint of endpoints) getOrSet(bySegments, endpoint.pattern.length, () => []).push(endpoint);
  return { endpoints: bySegments, maps };
}

interface Draft {
  readonly namespace: string;
  readonly pattern: readonly SegmentPattern[];
  readonly parts: readonly ResourcePart[];
  readonly operations: Map<string, Operation[]>;
}

function finish(draft: Draft, map: ResourceMap): Endpoint {
  return { ...draft, role: roleOf(draft.parts, map), listLike: isListLike(draft.parts, map) };
}

function takesPage({ method, parameters }: Operation): boolean {
  return (
    method.toUpperCase() === "GET" &&
    parameters.some(parameter => parameter.in === "query" && PAGING_INPUTS.has(parameter.name))
  );
}

function patternText(pattern: SegmentPattern): string {
  return pattern.map(part => (typeof part === "string" ? encodeURIComponent(part.toWellFormed()) : "{}")).join("");
}

/** Compares from the left. Text comes before a placeholder with text around it, and that before a lone placeholder. */
function comparePatterns(a: readonly SegmentPattern[], b: readonly SegmentPattern[]): number {
  for (const [index, segment] of a.entries()) {
    const difference = openness(segment) - openness(b[index] ?? []);
    if (difference !== 0) return difference;
  }
  return 0;
}

function openness(segment: SegmentPattern): number {
  if (isLiteral(segment)) return 0;
  return segment.length > 1 ? 1 : 2;
}
