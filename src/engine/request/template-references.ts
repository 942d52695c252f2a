import type { BindVariable } from "../../language/document/declared-binds.ts";
import type { BodyNode, Template } from "../../language/model/types.ts";
import type { PlacedName } from "../binds/bind-resolver.ts";
import type { ErrorPlace } from "./request-error.ts";

/** References of templates to anything but inputs. */
export interface References {
  readonly variables: readonly BindVariable[];
  readonly undeclared: readonly PlacedName[];
}

/** Template, and its place. */
export type PlacedTemplate = readonly [template: Template, place: ErrorPlace];

/** Lists every variable and undeclared name in templates, each once. */
export function references(templates: Iterable<PlacedTemplate>): References {
  const variables = new Set<BindVariable>();
  const undeclared = new Map<string, PlacedName>();
  const collect = ({ parts }: Template, place: ErrorPlace) => {
    for (const part of parts) {
      if (typeof part === "string") continue;
      if (part.kind === "bind") variables.add(part.variable);
      else if (part.kind === "undeclared") {
        if (!undeclared.has(part.name)) undeclared.set(part.name, { ...part, place });
      } else if (part.kind === "template") collect(part.template, place);
    }
  };
  for (const [template, place] of templates) collect(template, place);
  return { variables: [...variables], undeclared: [...undeclared.values()] };
}

/** Joins the references of several parts. */
export function joined(parts: readonly References[]): References {
  return {
    variables: parts.flatMap(({ variables }) => variables),
    undeclared: parts.flatMap(({ undeclared }) => undeclared),
  };
}

/** Yields every template in a body. */
export function* bodyTemplates(node: BodyNode): Generator<Template> {
  if (node.kind === "text" || node.kind === "value") yield node.template;
  else if (node.kind === "array") for (const item of node.items) yield* bodyTemplates(item);
  else if (node.kind === "object") {
    for (const [name, member] of node.members) {
      yield name;
      yield* bodyTemplates(member);
    }
  }
}
