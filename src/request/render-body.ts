import type { BodyNode } from "../capability/types.ts";
import { type Escape, type RenderScope, renderText, renderValue } from "./render-template.ts";

/**
 * The value of a declared body. A member or item whose whole value is a missing placeholder is left out (language
 * chapter 4.4).
 *
 * @returns `undefined` where the whole body is such a placeholder
 */
export function renderBody(node: BodyNode, scope: RenderScope, escape?: Escape): unknown {
  switch (node.kind) {
    case "constant":
      return node.value;
    case "text":
      return renderText(node.template, scope, escape);
    case "value":
      return renderValue(node.template, scope);
    case "array":
      return node.items.map(item => renderBody(item, scope, escape)).filter(item => item !== undefined);
    case "object": {
      const members: [string, unknown][] = [];
      for (const [name, member] of node.members) {
        const value = renderBody(member, scope, escape);
        const key = renderText(name, scope);
        if (value !== undefined && key !== undefined) members.push([key, value]);
      }
      return Object.fromEntries(members);
    }
  }
}
