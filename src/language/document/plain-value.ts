import { pointerSegment } from "../../base/json-pointer.ts";

/** Part of a program's object that a YAML file cannot hold. */
export interface ForeignValue {
  /** JSON pointer of the value. */
  readonly pointer: string;
  readonly message: string;
}

/** Deepest level that is copied: the copy ends before the stack does. A document has at most 100 levels. */
const DEEPEST = 200;
/** Most values that are copied. The largest file has fewer. */
const MOST_VALUES = 5_000_000;

/**
 * Copies a program's object to the values of a YAML file: objects, lists, texts, numbers, booleans and `null`. Each
 * member is read once, so that no later stage meets a getter, a proxy or a method. A member that is `undefined` is left
 * out. An object that occurs twice is copied once.
 *
 * @param found receives every value that a document cannot hold
 */
export function plainValue(value: unknown, found: ForeignValue[]): unknown {
  return new Copier(found).copy(value);
}

class Copier {
  readonly #found: ForeignValue[];
  readonly #copies = new Map<object, unknown>();
  /** The objects that lead to the current value. */
  readonly #open = new Set<object>();
  readonly #path: string[] = [];
  #values = 0;

  constructor(found: ForeignValue[]) {
    this.#found = found;
  }

  copy(value: unknown): unknown {
    switch (typeof value) {
      case "string":
      case "number":
      case "boolean":
      case "undefined":
        return value;
      case "object":
        return value === null ? null : this.#copyObject(value);
      default:
        return this.#refuse(`a ${typeof value}`);
    }
  }

  #copyObject(value: object): unknown {
    if (this.#copies.has(value)) return this.#copies.get(value) ?? this.#refuse("an object that holds itself");
    if (this.#path.length > DEEPEST) return this.#refuse("an object that nests too deeply");
    this.#copies.set(value, undefined);
    let copy: unknown;
    try {
      if (Array.isArray(value)) copy = this.#copyList(value);
      else if (isPlain(value)) copy = this.#copyMembers(value);
      else copy = this.#refuse("an object of a class");
    } catch {
      // A getter, or a trap of a proxy.
      copy = this.#refuse("an object that cannot be read");
    }
    this.#open.delete(value);
    this.#copies.set(value, copy);
    return copy;
  }

  #copyList(list: readonly unknown[]): unknown[] | null {
    if (!this.#hasRoom(list.length)) return null;
    return Array.from(list, (item, index) => this.#copyMember(String(index), item) ?? null);
  }

  #copyMembers(value: object): object | null {
    const names = Object.keys(value);
    if (!this.#hasRoom(names.length)) return null;
    const members = names.map(name => {
      const member: unknown = (value as Record<string, unknown>)[name];
      return [name, this.#copyMember(name, member)] as const;
    });
    return Object.fromEntries(members.filter(([, member]) => member !== undefined));
  }

  /** Counts values before they are copied: a list may claim any length. */
  #hasRoom(values: number): boolean {
    this.#values += values;
    if (this.#values > MOST_VALUES) this.#refuse(`more than ${MOST_VALUES} values`);
    return this.#values <= MOST_VALUES;
  }

  #copyMember(name: string, member: unknown): unknown {
    this.#path.push(name);
    const copy = this.copy(member);
    this.#path.pop();
    return copy;
  }

  #refuse(what: string): null {
    const pointer = this.#path.map(name => `/${pointerSegment(name)}`).join("");
    this.#found.push({ pointer, message: `A document cannot hold ${what}` });
    return null;
  }
}

/** Tells whether an object has no class, in any realm: it has no prototype, or one that has none itself. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
