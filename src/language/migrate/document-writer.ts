import { isAlias, isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { ShapeName } from "../document/dialect/shapes.ts";
import { rangeOf } from "../document/node-range.ts";
import { changesIn, isByName, type Member } from "./changes.ts";
import type { Comments } from "./comments.ts";
import { type ListPlace, MapWriter } from "./map-writer.ts";
import { nameItems } from "./named-list.ts";
import type { SharedNodes } from "./shared-nodes.ts";
import type { TextEdits } from "./text-edits.ts";

/** Version of the language that files are brought to. */
const NEWEST_VERSION = "1.0.0-beta5";

/** The root key of the older generation. */
const VERSION_KEY = "naftiko";

/** Older versions with the root key of the newest. */
const OLDER_VERSION = /^1\.0\.0-(?:alpha\d*|beta[1-5]?)$/;

/** Finding that a person should know of. */
export interface MigrationFinding {
  /** `error`: it cannot be migrated. `warning`: it stays in an older form. `info`: worth a look. */
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  readonly offset: number;
}

interface Writing {
  readonly text: string;
  /** Receives the changes. */
  readonly edits: TextEdits;
  readonly comments: Comments;
  readonly shared: SharedNodes;
}

/** Walks through a document by its shape and writes it in the newest form. */
export class DocumentWriter {
  readonly findings: MigrationFinding[] = [];
  readonly #writing: Writing;
  #maps: MapWriter | undefined;

  constructor(writing: Writing) {
    this.#writing = writing;
  }

  /** @param root the document's map, which has a version */
  write(root: YAMLMap): void {
    const { text, edits, comments } = this.#writing;
    this.#maps = new MapWriter(text, edits, comments, indentationOf(root, edits));
    this.#writeVersion(root);
    this.#writeObject(root, "document", 0);
    const imports = pairOf(root, "imports");
    if (imports !== undefined) {
      this.#note('"imports" stays: the newer form has no such key; import each namespace in "consumes"', imports.key);
    }
  }

  #writeVersion(root: YAMLMap): void {
    const old = pairOf(root, VERSION_KEY);
    const pair = old ?? pairOf(root, "ikanos");
    if (pair === undefined) return;
    const version = pair.value;
    const isText = isScalar(version) && typeof version.value === "string";
    if (isText && version.value === NEWEST_VERSION && old === undefined) return;
    if (old === undefined && !(isText && OLDER_VERSION.test(String(version.value)))) {
      this.#note(`The version stays: this is not one before ${NEWEST_VERSION}`, version ?? pair.key);
      return;
    }
    const range = rangeOf(version);
    if (range === undefined) {
      this.#note("The version stays: it has no value", pair.key);
      return;
    }
    if (old !== undefined) this.#rename(old, "ikanos");
    const [start, end] = range;
    const source = this.#writing.text.slice(start, end);
    if (source === "") this.#writing.edits.replace(start, start, ` "${NEWEST_VERSION}"`);
    // Without quotes only where there were none around a text: `0.5` is a number.
    else if (isText && version.type === "PLAIN") this.#writing.edits.replace(start, end, NEWEST_VERSION);
    else if (isScalar(version) || isAlias(version)) {
      const quote = source.startsWith("'") ? "'" : '"';
      this.#writing.edits.replace(start, end, quote + NEWEST_VERSION + quote);
    } else this.#note("The version is not a text", version);
  }

  #writeObject(object: YAMLMap, shape: ShapeName, shift: number): void {
    const { renames, members } = changesIn(object, shape);
    for (const pair of object.items) {
      if (!isScalar(pair.key)) continue;
      const name = String(pair.key.value);
      const newName = name === VERSION_KEY ? undefined : ownValue(renames, name);
      if (newName !== undefined) {
        if (object.has(newName)) this.#note(`"${name}" stays: there is "${newName}" too`, pair.key);
        else this.#rename(pair, newName);
      }
      const member = ownValue(members, name);
      const keyColumn = this.#writing.edits.columnOf(rangeOf(pair.key)?.[0] ?? 0);
      if (member !== undefined) this.#writeMember(pair, member, { keyColumn, shift });
    }
  }

  #writeMember({ key, value }: Pair, member: Member, place: ListPlace): void {
    this.#writing.shared.note(value, member);
    const { form, shape } = member;
    const unmoved = (items: readonly unknown[]) => items.map(() => place.shift);
    if (isSeq(value) && (form === "named" || form === "namedOrOne")) {
      const shifts = this.#writeMap(String(key), value, member, place);
      this.#writeItems(value.items, shape, shifts);
    } else if (isSeq(value) && (form === "list" || form === "spaced")) {
      this.#writeItems(value.items, shape, unmoved(value.items));
    } else if (isMap(value) && (form === "one" || (form === "namedOrOne" && !isByName(value)))) {
      this.#writeObject(value, shape, place.shift);
    } else if (isMap(value) && form !== "list") {
      const items = value.items.map(item => item.value);
      this.#writeItems(items, shape, unmoved(items));
    }
  }

  #writeItems(items: readonly unknown[], shape: ShapeName, shifts: readonly number[]): void {
    for (const [index, item] of items.entries()) {
      this.#writing.shared.note(item, { form: "one", shape });
      if (isMap(item)) this.#writeObject(item, shape, shifts[index] ?? 0);
    }
  }

  /**
   * Writes a list as a map.
   *
   * @returns the columns that the lines of each item move to the right
   */
  #writeMap(name: string, list: YAMLSeq, member: Member, place: ListPlace): number[] {
    const named = nameItems(list, member.shape, this.#writing.text);
    if (named.ok && this.#maps?.canWrite(list)) {
      for (const { object, key, pair } of named.items) {
        if (pair === undefined) {
          const message = `An entry of "${name}" without a name gets the name ${key}`;
          this.findings.push({ severity: "info", message, offset: rangeOf(object)?.[0] ?? 0 });
        }
      }
      return this.#maps.write(list, named.items, place);
    }
    const { reason, offset } = named.ok
      ? { reason: "it begins behind something else on its line", offset: undefined }
      : named;
    this.#note(`"${name}" stays a list: ${reason}`, list, offset);
    return list.items.map(() => place.shift);
  }

  #rename({ key }: Pair, name: string): void {
    const [start, end] = rangeOf(key) ?? [0, 0];
    const { type } = key as Scalar;
    const quote = type === "QUOTE_SINGLE" ? "'" : type === "QUOTE_DOUBLE" ? '"' : "";
    this.#writing.edits.replace(start, end, quote + name + quote);
  }

  #note(message: string, node: unknown, offset = rangeOf(node)?.[0] ?? 0): void {
    this.findings.push({ severity: "warning", message, offset });
  }
}

function pairOf(object: YAMLMap, name: string): Pair | undefined {
  return object.items.find(({ key }) => isScalar(key) && key.value === name);
}

/** Returns the indentation of the first map in a map, in columns. */
function indentationOf(root: YAMLMap, edits: TextEdits): number {
  for (const { value } of root.items) {
    if (!isMap(value) || value.flow) continue;
    const start = rangeOf(value.items[0]?.key)?.[0];
    if (start !== undefined && edits.columnOf(start) > 0) return edits.columnOf(start);
  }
  return 2;
}

function ownValue<Value>(table: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
