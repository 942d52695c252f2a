import { isObject, type JsonObject } from "../../base/json-object.ts";
import { pointerSegment } from "../../base/json-pointer.ts";
import type { DescriptionFile } from "./description-file.ts";

/**
 * A value in one of the files of a description, with its place. The pointer is made when it is asked for: few values
 * have a finding, and a large description has a million.
 */
export class DescriptionNode {
  readonly value: unknown;
  readonly file: DescriptionFile;
  readonly #parent: DescriptionNode | undefined;
  readonly #name: string | number | undefined;
  /** Whether the value is made of others, whose places its parts may have. */
  readonly #isMade: boolean;

  /** @param name of the value in `parent`; without one, the value is made of that of `parent` */
  constructor(value: unknown, file: DescriptionFile, parent?: DescriptionNode, name?: string | number) {
    this.value = value;
    this.file = file;
    this.#parent = parent;
    this.#name = name;
    this.#isMade = parent !== undefined && (name === undefined || parent.#isMade);
  }

  /** JSON pointer (RFC 6901) of the value in its file. */
  get pointer(): string {
    const segments: string[] = [];
    for (let node: DescriptionNode | undefined = this; node !== undefined; node = node.#parent)
      if (node.#name !== undefined) segments.push(`/${pointerSegment(String(node.#name))}`);
    return segments.reverse().join("");
  }

  /** Returns the last names of the place, the outermost first. */
  lastNames(count: number): string[] {
    const names: string[] = [];
    for (let node: DescriptionNode | undefined = this; node !== undefined && names.length < count; node = node.#parent)
      if (node.#name !== undefined) names.push(String(node.#name));
    return names.reverse();
  }

  /** Returns an own member of an object or a list, as it is written: a reference stays one. */
  child(name: string | number): DescriptionNode | undefined {
    const { value } = this;
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    return this.#at(value[name as string], name);
  }

  /** Returns the members of an object, or the items of a list, in the order of the file. */
  children(): [name: string, node: DescriptionNode][] {
    const { value } = this;
    if (!isObject(value)) return [];
    return Object.keys(value).map(name => [name, this.#at(value[name], name)]);
  }

  /** Returns a value that is made of this one, and stands at its place. */
  with(value: unknown): DescriptionNode {
    return value === this.value ? this : new DescriptionNode(value, this.file, this);
  }

  /** Returns a member that is known to be there. */
  at(name: string): DescriptionNode {
    return this.#at((this.value as JsonObject)[name], name);
  }

  #at(value: unknown, name: string | number): DescriptionNode {
    const origin = this.#isMade && isObject(value) ? origins.get(value) : undefined;
    return origin === undefined ? new DescriptionNode(value, this.file, this, name) : origin.with(value);
  }
}

/** The places of objects that are parts of an object made of others. */
const origins = new WeakMap<object, DescriptionNode>();

/** Remembers that an object, which will be part of one made of others, stands at the place of a node. */
export function placedAt<Value extends object>(value: Value, node: DescriptionNode): Value {
  if (!origins.has(value)) origins.set(value, node);
  return value;
}
