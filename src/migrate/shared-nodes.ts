import { type Alias, type Document, isAlias, isCollection, visit } from "yaml";
import type { Member } from "./shapes.ts";

/** What a value is to the language: it decides what changes in it. */
export type Role = Pick<Member, "kind" | "shapeOf">;

/**
 * Watches values with an anchor that aliases repeat: such a value is written once and may stand in many places, so it can
 * change only where all of them want the same change.
 */
export class SharedNodes {
  /** Collections that aliases stand for. */
  readonly #targets = new Map<Alias, unknown>();
  readonly #roles = new Map<unknown, Role[]>();
  readonly #visited = new Set<unknown>();

  constructor(document: Document.Parsed) {
    visit(document, {
      Alias: (_, alias) => {
        const target = alias.resolve(document);
        if (isCollection(target)) this.#targets.set(alias, target);
      },
    });
    for (const target of this.#targets.values()) this.#roles.set(target, []);
  }

  /** Notes what a node, or the one that it is an alias of, is to the language. */
  note(node: unknown, role: Role): void {
    this.#visited.add(node);
    const target = isAlias(node) ? this.#targets.get(node) : node;
    this.#roles.get(target)?.push(role);
  }

  /** An alias of a value that is one thing in one place and another, or nothing, elsewhere. */
  conflict(): Alias | undefined {
    for (const [alias, target] of this.#targets) {
      const [first, ...others] = this.#roles.get(target) ?? [];
      if (first === undefined) continue;
      const isElsewhere = !this.#visited.has(alias) || !this.#visited.has(target);
      if (isElsewhere || others.some(role => !isSame(role, first))) return alias;
    }
    return undefined;
  }
}

function isSame(a: Role, b: Role): boolean {
  return a.kind === b.kind && a.shapeOf === b.shapeOf;
}
