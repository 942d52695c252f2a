import { isAlias, isMap, isScalar, isSeq, type Document as YamlDocument } from "yaml";
import { MAX_YAML_DEPTH } from "./shallow-tokens.ts";

/** Most aliases of one document. */
const MAX_ALIASES = 1_000;

/** Most values that the aliases of one document may stand for: more is a bomb ("billion laughs"). */
const MAX_ALIASED_VALUES = 100_000;

/** A value and its size. */
interface Sized {
  readonly value: unknown;
  /** Number of values in it, itself included. */
  readonly count: number;
  /** Levels of collections in it. */
  readonly depth: number;
}

/**
 * Returns the plain value of a composed document, in time proportional to its size. The package's own conversion walks the
 * whole document for each alias.
 *
 * @param text the text of the document; if it has no `*`, it has no alias
 * @throws Error if there are too many aliases, if they stand for too much or stand in what they stand for, and if a
 *   list or map is a key beside aliases. The message continues "it …"
 */
export function yamlValue(document: YamlDocument, text: string): unknown {
  if (!text.includes("*")) return document.toJS();
  const anchors = new Map<string, Sized>();
  let aliases = 0;
  let aliased = 0;
  return read(document.contents).value;

  function read(node: unknown): Sized {
    if (isAlias(node)) return readAlias(node.source);
    const sized = readNode(node);
    if (sized.depth > MAX_YAML_DEPTH) throw new Error(`nests more than ${MAX_YAML_DEPTH} levels`);
    const anchor = isScalar(node) || isSeq(node) || isMap(node) ? node.anchor : undefined;
    if (anchor !== undefined) anchors.set(anchor, sized);
    return sized;
  }

  function readAlias(name: string): Sized {
    const target = anchors.get(name);
    if (target === undefined)
      throw new Error(`has the alias *${name}, which has no anchor before it or stands in what it stands for`);
    aliased += target.count;
    if (++aliases > MAX_ALIASES || aliased > MAX_ALIASED_VALUES)
      throw new Error(`has more than ${MAX_ALIASES} aliases, or they stand for more than ${MAX_ALIASED_VALUES} values`);
    return target;
  }

  function readNode(node: unknown): Sized {
    if (isSeq(node)) {
      const items = node.items.map(read);
      return { value: items.map(({ value }) => value), ...sizeOf(items) };
    }
    if (!isMap(node)) return { value: isScalar(node) ? (node.value ?? null) : null, count: 1, depth: 0 };
    const members = node.items.map(({ key, value }) => [nameOf(read(key).value), read(value)] as const);
    const value = Object.fromEntries(members.map(([name, member]) => [name, member.value]));
    return { value, ...sizeOf(members.map(([, member]) => member)) };
  }
}

function sizeOf(parts: readonly Sized[]): Pick<Sized, "count" | "depth"> {
  let count = 1;
  let deepest = 0;
  for (const part of parts) {
    count += part.count;
    deepest = Math.max(deepest, part.depth);
  }
  return { count, depth: deepest + 1 };
}

function nameOf(key: unknown): string {
  if (typeof key === "object" && key !== null)
    throw new Error("has a list or a map as a key, which cannot be the key of an object");
  return key === null ? "" : String(key);
}
