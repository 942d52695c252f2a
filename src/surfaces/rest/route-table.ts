import FindMyWay, { type HTTPMethod } from "find-my-way";
import { percentDecode } from "../../base/percent-decoding.ts";
import type { RestAdapter, RestOperation, RestResource } from "../../language/model/exposed/types.ts";

/** Route of a request: an operation, or a resource that passes requests on. */
export interface Route {
  readonly resource: RestResource;
  /** `undefined`: the request is passed on. */
  readonly operation: RestOperation | undefined;
  /** Names of the placeholders, in their order. */
  readonly placeholders: readonly string[];
}

/** A route, and the texts that stand in the request for its placeholders, decoded once. */
export interface RouteMatch {
  readonly route: Route;
  readonly values: readonly string[];
}

/** The routes of an adapter. */
export interface RouteTable {
  /** Finds the route of a path that has no {@link pathProblem}. */
  find(method: string, path: string): RouteMatch | undefined;
  /** Gives the methods that the routes of a path have. */
  methods(path: string): readonly string[];
}

/** A tree of routes for one method. `find-my-way` knows no other methods than Node's: each tree has the name of one. */
type Tree = ReturnType<typeof FindMyWay>;

/** Name under which every tree keeps its routes. */
const ONLY: HTTPMethod = "GET";

/** Key of the tree of resources that pass requests on. */
const FORWARDS = "";

/**
 * Makes the routes of an adapter. A literal segment comes before a placeholder, and the first of equal routes wins
 * (language chapter 7.2).
 */
export function createRouteTable({ resources }: RestAdapter): RouteTable {
  const trees = new Map<string, Tree>();
  for (const resource of resources) {
    for (const operation of resource.operations) add(trees, operation.method, resource, operation);
    if (resource.forward !== undefined) add(trees, FORWARDS, resource, undefined);
  }
  const find = (key: string, path: string) => matchIn(trees.get(key), path);
  return {
    find: (method, path) =>
      find(method, path) ?? (method === "HEAD" ? find("GET", path) : undefined) ?? find(FORWARDS, path),
    methods: path => [...trees.keys()].filter(key => key !== FORWARDS && find(key, path) !== undefined),
  };
}

function matchIn(tree: Tree | undefined, path: string): RouteMatch | undefined {
  const found = tree?.find(ONLY, path);
  if (found === null || found === undefined) return undefined;
  const { route, parameters } = found.store as StoredRoute;
  const values: string[] = [];
  for (const parameter of parameters) {
    const value = found.params[parameter] ?? "";
    if (value === "" && parameter !== REST) return undefined;
    values.push(value);
  }
  return { route, values };
}

interface StoredRoute {
  readonly route: Route;
  /** Names of the placeholders in the tree: their own may be any text. */
  readonly parameters: readonly string[];
}

const REST = "*";

/** An asterisk as `find-my-way` has to read it: a placeholder for nothing else. */
const LITERAL_STAR = ":star(\\*)";

function add(
  trees: Map<string, Tree>,
  key: string,
  resource: RestResource,
  operation: RestOperation | undefined,
): void {
  let tree = trees.get(key);
  if (tree === undefined) {
    // Longer values than a request may have: the header of a request has a limit of its own.
    tree = FindMyWay({ maxParamLength: 65_536 });
    trees.set(key, tree);
  }
  const { pattern, placeholders, parameters } = compilePattern(resource);
  if (tree.hasRoute(ONLY, pattern)) return;
  tree.on(ONLY, pattern, () => {}, { route: { resource, operation, placeholders }, parameters } satisfies StoredRoute);
}

interface Pattern {
  readonly pattern: string;
  readonly placeholders: readonly string[];
  readonly parameters: readonly string[];
}

/** Writes a route as `find-my-way` reads it. */
function compilePattern({ segments }: RestResource): Pattern {
  const placeholders: string[] = [];
  const parameters: string[] = [];
  let pattern = typeof segments[0] === "string" && segments[0].startsWith("/") ? "" : "/";
  for (const [index, segment] of segments.entries()) {
    if (typeof segment === "string") {
      // A colon would begin a placeholder, and an asterisk stand for the rest.
      pattern += percentDecode(segment).replaceAll(":", "::").replaceAll("*", LITERAL_STAR);
      continue;
    }
    const next = segments[index + 1];
    const beginsSegment = pattern.endsWith("/");
    const isRest = segment.placeholder === "path" && beginsSegment && next === undefined;
    const parameter = isRest ? REST : `p${parameters.length}`;
    const isWhole = beginsSegment && (next === undefined || (typeof next === "string" && next.startsWith("/")));
    placeholders.push(segment.placeholder);
    parameters.push(parameter);
    // A part of a segment is as short as the text behind it allows.
    pattern += isRest ? REST : isWhole ? `:${parameter}` : `:${parameter}(.+?)`;
  }
  return { pattern, placeholders, parameters };
}
