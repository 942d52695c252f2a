import { parseTemplate } from "../../expression/template.ts";

/** Literal text, or a placeholder. */
type PathSegment = string | { readonly placeholder: string };

/** Splits the path of a route, or the URI of a resource, at its placeholders. */
export function pathSegments(text: string): PathSegment[] {
  const parsed = parseTemplate(text, "path");
  if (!parsed.ok) return [text];
  return parsed.parts.map(piece => (typeof piece === "string" ? piece : { placeholder: piece.name }));
}
