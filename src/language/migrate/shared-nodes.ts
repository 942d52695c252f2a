import { type Alias, type Document, isAlias, isCollection, visit } from "yaml";
import type { Member } from "./changes.ts";

/**
 * Values with an anchor that aliases repeat. Such a value is written once and may stand in many places, so it can
 * change only if the change is the same in all of them.
 */
export class SharedNodes {
  /** Collections that aliases stand for. */
  readonly #targets = new Map<Alias, unknown>();
  readonly #members = new Map<unknown, Member[]>();
  readonly #visited = new Set<unknown>();

  constructor(document: Document.Parsed) {
    visit(document, {
      Alias: (_, alias) => {
        const target = alias.resolve(document);
        if (isCollection(target)) this.#targets.set(alias, target);
      },
    });
    for (const target of this.#targets.values()) this.#members.set(target, []);
  }

  /** Notes the meaning of a node, or of the one that it is an alias of, in the language. */
  note(node: unknown, member: Member): void {
    this.#visited.add(node);
    const target = isAlias(node) ? this.#targets.get(node) : node;
    this.#members.get(target)?.push(member);
  }

  /** Returns an alias of a value that has different meanings in different places. */
  conflict(): Alias | undefined {
    for (const [alias, target] of this.#targets) {
      const [first, ...others] = this.#members.get(target) ?? [];
      if (first === undefined) continue;
      const isElsewhere = !this.#visited.has(alias) || !this.#visited.has(target);
      if (isElsewhere || others.some(member => !isSame(member, first))) return alias;
    }
    return undefined;
  }
}

function isSame(a: Member, b: Member): boolean {
  return a.form === b.form && a.shape === b.shape;
}
