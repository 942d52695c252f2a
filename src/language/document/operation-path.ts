import type { OperationDeclaration, Resource } from "./document-types.ts";

/**
 * Returns the path of an operation, which is that of its resource. Published files also give the operation a path:
 * either the part behind the resource's path, or the whole path again.
 */
export function operationPath(resource: Resource, operation: OperationDeclaration): string {
  const own = operation.path ?? "";
  if (own === "") return resource.path;
  const base = resource.path.replace(/\/+$/, "");
  if (base === "" || own === base || (own.startsWith(base) && /[/?#]/.test(own[base.length] ?? ""))) return own;
  return /^[?#]/.test(own) ? resource.path + own : `${base}/${own.replace(/^\/+/, "")}`;
}
