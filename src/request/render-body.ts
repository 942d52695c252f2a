import type { BodyNode } from "../capability/types.ts";
import { type Escape, type RenderScope, renderText, renderValue } from "./render-template.ts";

/**
 * The value of a declared body. A member or item whose whole value is a missing placeholder is left out (language
 * chapter 4.4).
 *
 * @returns `undefined` where the whole body is such a placeholder
 */
export function renderBody(node: BodyNode, scope: RenderScope, escapeValue?: Escape): unknown {
  switch (node.kind) {
    case "constant":
      return node.value;
    case "text":
      return renderText(node.template, scope, escapeValue);
    case "value":
      return escapeValue === undefined
        ? renderValue(node.template, scope)
        : renderText(node.template, scope, escapeValue);
    case "array":
      return node.items.map(item => renderBody(item, scope, escapeValue)).filter(item => item !== undefined);
    case "object": {
      const members: [string, unknown][] = [];
      for (const [name, member] of node.members) {
        const value = renderBody(member, scope, escapeValue);
        const key = renderText(name, scope);
        if (value !== undefined && key !== undefined) members.push([key, value]);
      }
      return Object.fromEntries(members);
    }
  }
}
