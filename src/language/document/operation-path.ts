import type { OperationDeclaration, Resource } from "./document-types.ts";

/**
 * The path of an operation: that of its resource. Published files also write one at the operation, either what comes
 * behind the resource's path or the whole path again.
 */
export function operationPath(resource: Resource, operation: OperationDeclaration): string {
  const own = operation.path ?? "";
  if (own === "") return resource.path;
  const base = resource.path.replace(/\/+$/, "");
  if (base === "" || own === base || (own.startsWith(base) && /[/?#]/.test(own[base.length] ?? "")))
    return own;
  return /^[?#]/.test(own) ? resource.path + own : `${base}/${own.replace(/^\/+/, "")}`;
}
