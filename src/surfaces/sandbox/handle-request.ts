import type { CapabilityModel } from "../../language/model/types.ts";
import { answers } from "./answers.ts";
import { writeError } from "./api-error.ts";
import { credentialProblem } from "./checks/check-credential.ts";
import { chooseOperation } from "./checks/choose-operation.ts";
import type { SandboxAnswer, SandboxRequest, SandboxResponse } from "./messages.ts";
import { servedPaths } from "./routing/base-path.ts";
import { buildSite, type Site } from "./routing/endpoint.ts";
import { findRoute } from "./routing/find-route.ts";
import { parseRequestPath } from "./routing/request-path.ts";
import { type ItemSources, Resources } from "./state/resources.ts";
import { loadSeed } from "./state/seed.ts";

/** A sandbox without its server. */
interface SandboxCore {
  /** The path of each namespace, without a slash at the end. */
  readonly paths: ReadonlyMap<string, string>;
  /** Answers a request. Never throws. */
  handle(request: SandboxRequest): SandboxResponse;
}

/** Creates a sandbox without a server. @throws TypeError for a seed that does not fit */
export function createSandboxCore(
  capabilities: readonly CapabilityModel[],
  seed: unknown,
  sources: ItemSources,
): SandboxCore {
  const paths = servedPaths(capabilities);
  const site = buildSite(capabilities, paths);
  const namespaces = new Map(
    [...site.maps].map(([namespace, map]) => [namespace, new Resources(map, sources)]),
  );
  loadSeed(seed, namespaces);
  return { paths, handle: request => handle(site, namespaces, request) };
}

function handle(
  site: Site,
  namespaces: ReadonlyMap<string, Resources>,
  request: SandboxRequest,
): SandboxResponse {
  let operation: string | undefined;
  try {
    const { segments, query } = parseRequestPath(request.target);
    const { endpoint, operations, values } = findRoute(site, request.method, segments);
    operation = operations[0].reference;
    const refusal = credentialProblem(operations[0].adapter.authentication, request.headers, query);
    if (refusal !== undefined) throw refusal;
    const chosen = chooseOperation(operations, { values, query, headers: request.headers }, request.body);
    operation = chosen.operation.reference;
    const resources = namespaces.get(endpoint.namespace);
    if (resources === undefined) throw new TypeError(`Namespace ${endpoint.namespace} has no resources`);
    const method = request.method === "HEAD" ? "GET" : request.method;
    const answer = answers[endpoint.role]({ ...chosen, method, endpoint, values, query, resources });
    return { ...write(answer, chosen.operation.rawFormat), operation };
  } catch (error) {
    return { ...writeError(error), operation };
  }
}

/** Writes an answer as JSON whatever the operation expects, or as text if it reads text. */
function write({ status, value }: SandboxAnswer, rawFormat: string): Omit<SandboxResponse, "operation"> {
  const contentType = rawFormat === "text" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  return {
    status,
    statusText: undefined,
    headers: { "content-type": contentType },
    body: JSON.stringify(value),
  };
}
