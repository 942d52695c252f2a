import { getOrSet } from "../../../base/get-or-set.ts";
import { ITEM, type ResourcePart, shapeOf } from "./resource-path.ts";

/** The resources that the operations of one namespace know, by {@link shapeOf}. */
export class ResourceMap {
  readonly #methods = new Map<string, Set<string>>();
  readonly #parts = new Map<string, readonly ResourcePart[]>();
  readonly #holdingItems = new Set<string>();
  readonly #numericIds = new Set<string>();
  readonly #paged = new Set<string>();

  /** Adds the resource of an operation. `paged`: the operation takes an input for a page. */
  add(parts: readonly ResourcePart[], method: string, paged: boolean): void {
    const shape = shapeOf(parts);
    getOrSet(this.#methods, shape, () => new Set()).add(method);
    if (paged) this.#paged.add(shape);
    this.#parts.set(shape, parts);
    for (const [index, part] of parts.entries()) {
      if (part.kind === "name") continue;
      const collection = parts.slice(0, index);
      const shapeAbove = shapeOf(collection);
      this.#holdingItems.add(shapeAbove);
      if (!this.#parts.has(shapeAbove)) this.#parts.set(shapeAbove, collection);
      if (isNumeric(part.parameters)) this.#numericIds.add(shapeAbove);
    }
  }

  /** Returns the methods of the resource itself. */
  methods(shape: string): ReadonlySet<string> {
    return this.#methods.get(shape) ?? NONE;
  }

  /** Returns whether some path continues from the resource with a placeholder. */
  holdsItems(shape: string): boolean {
    return this.#holdingItems.has(shape);
  }

  /** Returns whether some operation creates items of the collection. */
  canFill(shape: string): boolean {
    return this.methods(shape).has("POST") || this.methods(shape + ITEM).has("PUT") || this.postCreates(shape);
  }

  /** Returns whether POST on an item has to create it too, because no other method does. */
  postCreates(shape: string): boolean {
    const item = this.methods(shape + ITEM);
    return item.has("POST") && !item.has("PUT") && !this.methods(shape).has("POST");
  }

  /** Returns whether the ids of items are declared as numbers. */
  hasNumericIds(shape: string): boolean {
    return this.#numericIds.has(shape);
  }

  /** Returns whether reading the resource takes inputs for a page. */
  isPaged(shape: string): boolean {
    return this.#paged.has(shape);
  }

  /** Finds the declared resource of a path with actual values. A literal one comes before one with placeholders. */
  find(path: readonly string[]): readonly ResourcePart[] | undefined {
    const found = [...this.#parts.values()].filter(
      parts =>
        parts.length === path.length &&
        parts.every((part, index) => part.kind === "value" || part.text === path[index]),
    );
    const values = (parts: readonly ResourcePart[]) => parts.filter(part => part.kind === "value").length;
    return found.sort((a, b) => values(a) - values(b))[0];
  }

  /** Returns every resource as a file would write it. */
  paths(): string[] {
    return [...this.#parts.values()].map(
      parts => `/${parts.map(part => (part.kind === "name" ? part.text : `{${part.parameters[0]?.name}}`)).join("/")}`,
    );
  }
}

const NONE: ReadonlySet<string> = new Set();

function isNumeric(parameters: ValuePartParameters): boolean {
  const [parameter] = parameters;
  return parameters.length === 1 && (parameter?.type === "integer" || parameter?.type === "number");
}

type ValuePartParameters = Extract<ResourcePart, { kind: "value" }>["parameters"];
