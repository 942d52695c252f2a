import type { Adapter, Capability } from "../../../language/model/types.ts";

/** The path behind which the sandbox serves an adapter: the base URI's own, so that clients see the paths they know. */
function basePath({ baseUri }: Adapter): string {
  if (baseUri.kind === "constant") return new URL(baseUri.url).pathname.replace(/\/+$/, "");
  if (baseUri.kind !== "template") return "";
  // What a placeholder will hold is not known here: its name stands for it.
  const named = baseUri.text.replace(/\{+([^{}]*)\}+/g, (_, name: string) =>
    name.trim().replace(/[^\w.~-]/g, "-"),
  );
  const path = named.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/^[^/]*/, "");
  return URL.canParse(path, "http://host") ? new URL(path, "http://host").pathname.replace(/\/+$/, "") : "";
}

/**
 * The path of each namespace: the base path, behind `/<namespace>` where several are served.
 *
 * @throws TypeError where two adapters share a namespace and not the base path: one prefix could not serve both
 */
export function servedPaths(capabilities: readonly Capability[]): Map<string, string> {
  const paths = new Map<string, string>();
  for (const adapter of capabilities.flatMap(capability => capability.adapters)) {
    const { namespace } = adapter;
    const path = basePath(adapter);
    const other = paths.get(namespace);
    if (other !== undefined && other !== path) {
      throw new TypeError(
        `Cannot serve two adapters of namespace ${JSON.stringify(namespace)}: their base paths "${other}" and "${path}" differ`,
      );
    }
    paths.set(namespace, path);
  }
  if (paths.size < 2) return paths;
  return new Map(
    [...paths].map(([namespace, path]) => [namespace, `/${encodeURIComponent(namespace)}${path}`]),
  );
}
