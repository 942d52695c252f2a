import { parseTemplate } from "../../expression/template.ts";
import type { ExposedRule } from "../exposed-rule.ts";

/** Finds REST operations that another one of the same route hides (language chapter 7.2). */
export const routeUnique: ExposedRule = {
  name: "route-unique",
  kinds: ["warning"],
  explanation: "Two operations of a REST server have the same method and route: the first one answers.",
  fix: "Give one of them another path or method, or remove it.",
  check({ units }, report) {
    const seen = new Map<string, string>();
    for (const { namespace, title, route, pointer } of units) {
      if (route === undefined) continue;
      const key = `${namespace} ${route.method} ${shapeOf(route.path)}`;
      const other = seen.get(key);
      if (other === undefined) seen.set(key, title);
      else
        report(
          "warning",
          pointer,
          `${title} is never called: ${other} has the route ${route.method} ${route.path} too`,
        );
    }
  },
};

/** Returns a path without the names of its placeholders, but for the one that takes the rest. */
function shapeOf(path: string): string {
  const parsed = parseTemplate(path, "path");
  const pieces = parsed.ok ? parsed.parts : [path];
  return pieces.map(piece => (typeof piece === "string" ? piece : piece.name === "path" ? "{path}" : "{}")).join("");
}
