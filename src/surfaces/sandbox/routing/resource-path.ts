import type { Parameter } from "../../../language/model/types.ts";
import { isLiteral, type SegmentPattern } from "./segment-pattern.ts";

/**
 * One step of a resource path: what a path means once its spelling is taken off. `/orders/{id}.json`, `/orders({id})`
 * and `/orders/{id}` are the same resource; `/orders/{id}:cancel` is `cancel` below it.
 */
export type ResourcePart = NamePart | ValuePart;

/** A literal step. */
interface NamePart {
  readonly kind: "name";
  readonly text: string;
}

/** A step that a caller fills: it names an item. */
export interface ValuePart {
  readonly kind: "value";
  readonly parameters: readonly Parameter[];
}

/** The resource path of a declared path. */
export function resourceParts(segments: readonly SegmentPattern[]): ResourcePart[] {
  return segments.flatMap(segment =>
    isLiteral(segment) ? nameParts(segment.join("")) : valueParts(segment),
  );
}

/** The steps of a literal segment: a format's extension is spelling, what follows a colon is a step (AIP-136). */
export function nameParts(segment: string): NamePart[] {
  const text = segment.replace(/(?<=.)\.(?:json|xml)$/i, "");
  const verb = /^([^:]+):([A-Za-z]+)$/.exec(text);
  return (verb === null ? [text] : verb.slice(1)).map(step => ({ kind: "name", text: step }));
}

/** `items(key='{k}')` is the OData spelling of `items/{k}`. */
function valueParts(segment: SegmentPattern): ResourcePart[] {
  const [first] = segment;
  const last = segment.at(-1);
  const collection = typeof first === "string" ? /^([\w.-]+)\(/.exec(first)?.[1] : undefined;
  const verb = typeof last === "string" ? /^:([A-Za-z]+)$/.exec(last)?.[1] : undefined;
  return [
    ...(collection === undefined ? [] : nameParts(collection)),
    { kind: "value", parameters: segment.filter(part => typeof part !== "string") },
    ...(verb === undefined ? [] : nameParts(verb)),
  ];
}

/** Text that is the same for paths that differ only in the names of their placeholders. */
export function shapeOf(parts: readonly ResourcePart[]): string {
  // Braces are escaped in names, so a literal "{}" is no placeholder.
  return parts.map(part => (part.kind === "name" ? `/${encodeStep(part.text)}` : ITEM)).join("");
}

/** The step of any item in a {@link shapeOf}. */
export const ITEM = "/{}";

/** The text of each step, with the values of one request in their places. */
export function fillParts(parts: readonly ResourcePart[], values: readonly string[]): string[] {
  let next = 0;
  return parts.map(part => {
    if (part.kind === "name") return part.text;
    const from = next;
    next += part.parameters.length;
    return values.slice(from, next).join(",");
  });
}

/** The name of a resource in the store. */
export function keyOf(path: readonly string[]): string {
  return path.map(step => `/${encodeStep(step)}`).join("");
}

function encodeStep(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
