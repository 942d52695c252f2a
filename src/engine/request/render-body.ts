import type { BodyNode, Template } from "../../language/model/types.ts";
import { isBinary } from "./binary-value.ts";
import { type Escape, type RenderScope, renderText, renderValue } from "./render-template.ts";

interface BodyRendering {
  /** Turns a value into text for its place. Without it, a single placeholder keeps its type. */
  readonly escape?: Escape;
  /** Whether a placeholder that stands alone may have bytes as its value. */
  readonly allowsBinary?: boolean;
}

/**
 * Returns the value of a declared body. A member or item whose whole value is a missing placeholder is left out
 * (language chapter 4.4).
 *
 * @returns `undefined` if the whole body is such a placeholder
 * @throws Error for bytes where the body has no place for them
 */
export function renderBody(node: BodyNode, scope: RenderScope, rendering: BodyRendering = {}): unknown {
  switch (node.kind) {
    case "constant":
      return node.value;
    case "text":
      return binaryValue(node.template, scope, rendering) ?? renderText(node.template, scope, rendering.escape);
    case "value":
      return rendering.escape === undefined
        ? requireText(renderValue(node.template, scope), rendering)
        : renderText(node.template, scope, rendering.escape);
    case "array":
      return node.items.map(item => renderBody(item, scope, rendering)).filter(item => item !== undefined);
    case "object": {
      const members: [string, unknown][] = [];
      for (const [name, member] of node.members) {
        const value = renderBody(member, scope, rendering);
        const key = renderText(name, scope);
        if (value !== undefined && key !== undefined) members.push([key, value]);
      }
      return Object.fromEntries(members);
    }
  }
}

/** Returns the bytes that a text of one placeholder stands for. */
function binaryValue(template: Template, scope: RenderScope, { allowsBinary }: BodyRendering): unknown {
  if (!allowsBinary || template.parts.length !== 1) return undefined;
  const value = renderValue(template, scope);
  return isBinary(value) ? value : undefined;
}

function requireText(value: unknown, { allowsBinary }: BodyRendering): unknown {
  if (allowsBinary || !isBinary(value)) return value;
  throw new Error("a file can only be a part of multipart/form-data, or the whole body");
}
