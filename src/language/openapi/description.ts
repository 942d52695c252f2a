import { getOrSet } from "../../base/get-or-set.ts";
import { isJsonObject, isObject, type JsonObject } from "../../base/json-object.ts";
import { plainSegment } from "../../base/json-pointer.ts";
import { percentDecode } from "../../base/percent-decoding.ts";
import type { DescriptionFile } from "./description-file.ts";
import { DescriptionNode } from "./description-node.ts";
import { splitReference } from "./reference.ts";

/** Version of OpenAPI that a description is written in. */
export type DescriptionVersion = "2.0" | "3.0" | "3.1" | "3.2";

/** Part of a description that cannot be carried over, or not read. */
export interface DescriptionFinding {
  readonly node: DescriptionNode;
  readonly message: string;
}

/** Most references that lead from one to the next. */
const MOST_STEPS = 100;

/**
 * A description of an API, in one file or several. References are followed when they are met, and never replaced: a
 * large description is read in a fraction of the time that takes.
 */
export class Description {
  /** The whole description, in the shape of OpenAPI 3. */
  readonly root: DescriptionNode;
  /** The version that it is written in. */
  readonly version: DescriptionVersion;
  readonly #files: ReadonlyMap<string, FileOrReason>;
  readonly #findings: DescriptionFinding[] = [];
  /** The references that a finding is about, by file. */
  readonly #reported = new Map<DescriptionFile, Set<string>>();
  /** Where references lead, by the file that they are written in. */
  readonly #targets = new Map<DescriptionFile, Map<string, Target>>();
  readonly #anchors = new Map<DescriptionFile, ReadonlyMap<string, DescriptionNode>>();

  /**
   * @param root the file that was asked for
   * @param files every file that references lead to, by location; a text says why one cannot be read
   * @param shape makes the root of the description; without it, that is the value as written
   */
  constructor(
    root: DescriptionFile,
    version: DescriptionVersion,
    files: ReadonlyMap<string, FileOrReason>,
    shape?: (description: Description, written: DescriptionNode) => DescriptionNode,
  ) {
    this.version = version;
    this.#files = files;
    const written = new DescriptionNode(root.value, root);
    this.root = written;
    if (shape !== undefined) this.root = shape(this, written);
  }

  get findings(): readonly DescriptionFinding[] {
    return this.#findings;
  }

  /** Adds a finding about a value. */
  report(node: DescriptionNode, message: string): void {
    this.#findings.push({ node, message });
  }

  /**
   * Returns a member, or a member of a member. References on the way are followed; the last value is given as written.
   */
  member(node: DescriptionNode, ...names: readonly (string | number)[]): DescriptionNode | undefined {
    let found: DescriptionNode | undefined = node;
    for (const name of names) {
      found = this.resolve(found)?.child(name);
      if (found === undefined) return undefined;
    }
    return found;
  }

  /**
   * Follows references to a value that is none. `summary` and `description` beside a reference replace those of the value
   * (OpenAPI 3.1, 4.8.23), in which no schema loses anything.
   *
   * @returns `undefined`, after a finding, if there is no such value
   */
  resolve(node: DescriptionNode): DescriptionNode | undefined {
    if (!isReference(node.value)) return node;
    let found: DescriptionNode = node;
    for (let steps = 0; isReference(found.value); steps++) {
      if (steps >= MOST_STEPS) return this.#reportOnce(node, node.value.$ref, "it leads in a circle");
      const next = this.target(found);
      if (next === undefined) return undefined;
      if (next === node) return this.#reportOnce(node, node.value.$ref, "it leads to itself");
      found = next;
    }
    return withTexts(found, node.value);
  }

  /**
   * Returns the value that a reference leads to, which may be a reference again. Each place has one node: it tells values
   * apart.
   *
   * @returns `undefined`, after a finding, if there is none
   */
  target(node: DescriptionNode): DescriptionNode | undefined {
    if (!isReference(node.value)) return undefined;
    const { $ref } = node.value;
    const targets = getOrSet(this.#targets, node.file, () => new Map<string, Target>());
    let target = targets.get($ref);
    if (target === undefined) {
      // While it is looked for, a way through the same reference leads in a circle.
      targets.set($ref, { reason: "it leads in a circle" });
      target = this.#find(node, $ref);
      targets.set($ref, target);
    }
    return "reason" in target ? this.#reportOnce(node, $ref, target.reason) : target.node;
  }

  #find(node: DescriptionNode, reference: string): Target {
    const split = splitReference(reference, node.file.location);
    if (split === undefined) return { reason: "it is neither a path nor an http URL" };
    const file = split.location === node.file.location ? node.file : this.#files.get(split.location);
    if (file === undefined || "reason" in file) {
      const named = this.#byName(node.file, reference);
      if (named !== undefined) return { node: named };
      return { reason: file?.reason ?? "it was not read" };
    }
    return this.#inFile(new DescriptionNode(file.value, file), split.fragment);
  }

  #inFile(root: DescriptionNode, fragment: string): Target {
    if (fragment === "") return { node: root };
    const name = percentDecode(fragment);
    if (!fragment.includes("/")) {
      const anchor = this.#anchorsOf(root).get(name);
      return anchor === undefined ? { reason: `no schema has the anchor ${JSON.stringify(name)}` } : { node: anchor };
    }
    // Some leave out the first slash.
    const segments = (fragment.startsWith("/") ? fragment.slice(1) : fragment).split("/");
    let found = root;
    for (const segment of segments) {
      const holder = this.resolve(found);
      const next = holder && childAt(holder, segment);
      if (next === undefined)
        return { reason: `there is no ${JSON.stringify(percentDecode(segment))} in ${whole(found)}` };
      found = next;
    }
    return { node: found };
  }

  /** Finds a schema by its `$id`, or by its bare name, as Swagger 1.2 had it. */
  #byName(file: DescriptionFile, reference: string): DescriptionNode | undefined {
    const root = new DescriptionNode(file.value, file);
    const schemas = root.child("definitions") ?? root.child("components")?.child("schemas");
    return schemas?.child(reference) ?? this.#anchorsOf(root).get(reference);
  }

  /** Returns the schemas of a file by `$anchor`, `$dynamicAnchor` and `$id`. Few files have any. */
  #anchorsOf(root: DescriptionNode): ReadonlyMap<string, DescriptionNode> {
    const known = this.#anchors.get(root.file);
    if (known !== undefined) return known;
    const found = new Map<string, DescriptionNode>();
    const open = /"?\$(?:anchor|dynamicAnchor|id)\b/.test(root.file.text) ? [root] : [];
    const seen = new Set<unknown>();
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const [name, child] of node.children()) {
        if (ANCHORS.has(name) && typeof child.value === "string" && !found.has(child.value))
          found.set(child.value, node);
        if (isObject(child.value) && !seen.has(child.value)) {
          seen.add(child.value);
          open.push(child);
        }
      }
    }
    this.#anchors.set(root.file, found);
    return found;
  }

  #reportOnce(node: DescriptionNode, reference: string, reason: string): undefined {
    const { pointer } = node;
    const reported = getOrSet(this.#reported, node.file, () => new Set<string>());
    if (reported.has(pointer)) return;
    reported.add(pointer);
    this.report(node, `Cannot follow the reference ${JSON.stringify(shown(reference))}: ${reason}`);
  }
}

/** A file, or the reason why it cannot be read. */
export type FileOrReason = DescriptionFile | { readonly reason: string };

type Target = { readonly node: DescriptionNode } | { readonly reason: string };

const ANCHORS: ReadonlySet<string> = new Set(["$anchor", "$dynamicAnchor", "$id"]);

/** Tells a reference from other values. */
export function isReference(value: unknown): value is { readonly $ref: string } {
  return isJsonObject(value) && Object.hasOwn(value, "$ref") && typeof value["$ref"] === "string";
}

/** Finds a member by a segment of a pointer: `~` and `%` are escapes, but some write names as they are. */
function childAt(node: DescriptionNode, segment: string): DescriptionNode | undefined {
  return node.child(plainSegment(percentDecode(segment))) ?? node.child(plainSegment(segment)) ?? node.child(segment);
}

function withTexts(node: DescriptionNode, { summary, description }: JsonObject): DescriptionNode {
  const { value } = node;
  const hasSummary = typeof summary === "string";
  const hasDescription = typeof description === "string";
  if (!(hasSummary || hasDescription) || !isJsonObject(value)) return node;
  return node.with({ ...value, ...(hasSummary ? { summary } : {}), ...(hasDescription ? { description } : {}) });
}

function whole({ pointer, file }: DescriptionNode): string {
  return pointer === "" ? file.location : `${file.location}#${pointer}`;
}

const LONGEST_SHOWN = 200;

function shown(reference: string): string {
  return reference.length > LONGEST_SHOWN ? `${reference.slice(0, LONGEST_SHOWN)}…` : reference;
}
