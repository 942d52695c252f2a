import { isJsonObject, type JsonObject } from "../../../base/json-object.ts";
import { pointerSegment } from "../../../base/json-pointer.ts";
import type { Document } from "../document.ts";
import { type Origin, Origins } from "../origins.ts";
import { keepNumbers } from "../written-numbers.ts";
import { type Form, type ShapeName, shapes } from "./shapes.ts";

/** Document in the form of the older generation, which every later stage reads. */
export interface Normalised {
  /** The document's own value if nothing in it has another form. */
  readonly value: unknown;
  readonly origins: Origins;
}

/**
 * Brings both generations of the language to one form: maps by name become lists of named objects, and members get the
 * older names (language chapter 12). Either generation may use either form. A value of another shape is left for
 * validation.
 */
export function normalise(document: Document): Normalised {
  const origins = new Origins(document);
  return { value: new Normaliser(document, origins).object(document.value, "document"), origins };
}

type Names = Readonly<Record<string, string>>;

/** Validation refuses deeper documents; until then this keeps the walk from overflowing the stack. */
const DEEPEST = 120;

class Normaliser {
  readonly #document: Document;
  readonly #origins: Origins;
  /** Names and indexes that lead to the current value, as written. */
  readonly #path: string[] = [];

  constructor(document: Document, origins: Origins) {
    this.#document = document;
    this.#origins = origins;
  }

  /** Returns the normalised value, which is `value` itself if nothing changes. */
  object(value: unknown, shapeName: ShapeName): unknown {
    if (shapeName === "plain" || !isJsonObject(value) || this.#path.length > DEEPEST) return value;
    const { renamed, members } = shapes[shapeName];
    const names = renamed === undefined ? undefined : namesOf(value, renamed);
    let changes: Map<string, unknown> | undefined;
    for (const name in names) changes = withChange(changes, name, value[names[name] as string]);
    for (const name in members) {
      const written = names?.[name] ?? name;
      const member = value[written];
      if (typeof member !== "object" || member === null || !Object.hasOwn(value, written)) continue;
      const [form, shape] = members[name] as readonly [Form, ShapeName];
      this.#path.push(written);
      const normalised = this.#member(member, form, shape);
      this.#path.pop();
      if (normalised !== member) changes = withChange(changes, name, normalised);
    }
    return changes === undefined ? value : this.#changed(value, changes, names);
  }

  #member(value: object, form: Form, shape: ShapeName): unknown {
    if (form === "one") return this.object(value, shape);
    if (form === "map") return this.#map(value, shape);
    if (Array.isArray(value)) return this.#list(value, shape);
    if (form === "list") return value;
    if (form === "spaced") return holdsOnlyObjects(value) ? this.#named(value, shape, "namespace") : value;
    return form === "named" || holdsOnlyObjects(value) ? this.#named(value, shape) : this.object(value, shape);
  }

  #list(list: readonly unknown[], shape: ShapeName): readonly unknown[] {
    if (shape === "plain") return list;
    let changed: unknown[] | undefined;
    for (const [index, item] of list.entries()) {
      this.#path.push(String(index));
      const normalised = this.object(item, shape);
      this.#path.pop();
      if (normalised === item) continue;
      changed ??= [...list];
      changed[index] = normalised;
    }
    return changed ?? list;
  }

  #map(map: object, shape: ShapeName): object {
    let isChanged = false;
    const members = Object.entries(map).map(([name, member]: [string, unknown]) => {
      this.#path.push(name);
      const normalised = this.object(member, shape);
      this.#path.pop();
      isChanged ||= normalised !== member;
      return [name, normalised] as const;
    });
    return isChanged ? Object.fromEntries(members) : map;
  }

  /**
   * Turns a map by name into a list. An entry may have another `name`: a map cannot have one name for two locations.
   */
  #named(map: object, shape: ShapeName, key = "name"): readonly unknown[] {
    return Object.entries(map).map(([name, entry]: [string, unknown]) => {
      this.#path.push(name);
      const normalised = this.object(entry ?? {}, shape);
      const item = isJsonObject(normalised) ? { [key]: name, ...normalised } : normalised;
      if (isJsonObject(item)) keepNumbers(entry, item);
      if (isJsonObject(item)) this.#origins.add(item, this.#origins.placeOf(normalised) ?? this.#here());
      this.#path.pop();
      return item;
    });
  }

  #changed(value: JsonObject, changes: ReadonlyMap<string, unknown>, names: Names = {}): object {
    const written = Object.values(names);
    const kept = Object.entries(value).filter(([name]) => !written.includes(name));
    const changed = Object.fromEntries([...kept, ...changes]);
    keepNumbers(value, changed);
    this.#origins.add(changed, { ...this.#here(), names });
    return changed;
  }

  #here(): Origin {
    const pointer = this.#path.map(segment => `/${pointerSegment(segment)}`).join("");
    return { document: this.#document, pointer };
  }
}

/** Returns the older name of each member that is written under its newer name. */
function namesOf(value: JsonObject, renamed: Names): Names | undefined {
  let names: Record<string, string> | undefined;
  for (const written in renamed) {
    const name = renamed[written] as string;
    if (!Object.hasOwn(value, written) || Object.hasOwn(value, name)) continue;
    names ??= {};
    names[name] = written;
  }
  return names;
}

/** Adds a change to `changes`, which is made with the first: most objects do not change. */
function withChange(changes: Map<string, unknown> | undefined, name: string, value: unknown): Map<string, unknown> {
  return (changes ?? new Map<string, unknown>()).set(name, value);
}

function holdsOnlyObjects(value: object): boolean {
  return Object.values(value).every(isJsonObject);
}
