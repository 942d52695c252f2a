import type { Parameter } from "../../../language/model/types.ts";
import { isLiteral, type SegmentPattern } from "./segment-pattern.ts";

/**
 * One step of a resource path, which is a path without its spelling. `/orders/{id}.json`, `/orders({id})` and
 * `/orders/{id}` are the same resource. `/orders/{id}:cancel` is `cancel` below it.
 */
export type ResourcePart = NamePart | ValuePart;

/** A literal step. */
interface NamePart {
  readonly kind: "name";
  readonly text: string;
}

/** A step that the caller fills, to name an item. */
export interface ValuePart {
  readonly kind: "value";
  readonly parameters: readonly Parameter[];
}

/** Returns the resource path of a declared path. */
export function resourceParts(segments: readonly SegmentPattern[]): ResourcePart[] {
  return segments.flatMap(segment => (isLiteral(segment) ? nameParts(segment.join("")) : valueParts(segment)));
}

/** Returns the steps of a literal segment. A format's extension is spelling, text after a colon is a step (AIP-136). */
export function nameParts(segment: string): NamePart[] {
  const text = segment.replace(/(?<=.)\.(?:json|xml)$/i, "");
  const verb = /^([^:]+):([A-Za-z]+)$/.exec(text);
  return (verb === null ? [text] : verb.slice(1)).map(step => ({ kind: "name", text: step }));
}

/** Returns the steps of a segment with a parameter. `items(key='{k}')` is the OData spelling of `items/{k}`. */
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

/** Returns a text that is the same for paths that differ only in the names of their placeholders. */
export function shapeOf(parts: readonly ResourcePart[]): string {
  // Braces are escaped in names, so that a literal "{}" does not look like a placeholder.
  return parts.map(part => (part.kind === "name" ? `/${encodeStep(part.text)}` : ITEM)).join("");
}

/** The step of an item in a {@link shapeOf}. */
export const ITEM = "/{}";

/** Returns the text of each step, with the values of a request filled in. */
export function fillParts(parts: readonly ResourcePart[], values: readonly string[]): string[] {
  let next = 0;
  return parts.map(part => {
    if (part.kind === "name") return part.text;
    const from = next;
    next += part.parameters.length;
    return values.slice(from, next).join(",");
  });
}

/** Returns the name of a resource in the store. */
export function keyOf(path: readonly string[]): string {
  return path.map(step => `/${encodeStep(step)}`).join("");
}

function encodeStep(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
