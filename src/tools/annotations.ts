import type { ToolAnnotations } from "./tool.ts";

/**
 * Hints by what methods mean (RFC 9110, 9.2). GET and HEAD alone are said to read: clients may allow that for good. A
 * method of another name is not known.
 */
const hints: Readonly<Record<string, ToolAnnotations>> = {
  GET: { readOnlyHint: true },
  HEAD: { readOnlyHint: true },
  POST: { readOnlyHint: false },
  PUT: { readOnlyHint: false, idempotentHint: true },
  PATCH: { readOnlyHint: false },
  DELETE: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
};

/** Returns what the method of an operation tells of it. */
export function annotationsOf({ method }: { readonly method: string }): ToolAnnotations {
  return Object.hasOwn(hints, method) ? (hints[method] as ToolAnnotations) : {};
}
