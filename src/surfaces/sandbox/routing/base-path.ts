import type { Adapter, CapabilityModel } from "../../../language/model/types.ts";

/** Returns the path below which an adapter is served: that of its base URI, so that clients see the paths they know. */
function basePath({ baseUri }: Adapter): string {
  if (baseUri.kind === "constant") return new URL(baseUri.url).pathname.replace(/\/+$/, "");
  if (baseUri.kind !== "template") return "";
  // The value of a placeholder is not known here: its name stands for it.
  const named = baseUri.text.replace(/\{+([^{}]*)\}+/g, (_, name: string) => name.trim().replace(/[^\w.~-]/g, "-"));
  const path = named.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/^[^/]*/, "");
  return URL.canParse(path, "http://host") ? new URL(path, "http://host").pathname.replace(/\/+$/, "") : "";
}

/**
 * Returns the path of each namespace: the base path, below `/<namespace>` if several are served.
 *
 * @throws TypeError if two adapters share a namespace and differ in their base paths
 */
export function servedPaths(capabilities: readonly CapabilityModel[]): Map<string, string> {
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
  return new Map([...paths].map(([namespace, path]) => [namespace, `/${encodeURIComponent(namespace)}${path}`]));
}
