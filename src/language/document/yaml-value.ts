import { isAlias, isMap, isScalar, isSeq, type Scalar, visit, type YAMLMap, type Document as YamlDocument } from "yaml";
import { isJsonObject, isObject } from "../../base/json-object.ts";
import type { NumberForm } from "../../base/numbers/exact-number.ts";
import { isMergeKey } from "./merge-key.ts";
import { resolvePlainScalar } from "./resolve-plain-scalar.ts";
import { MAX_YAML_DEPTH } from "./shallow-tokens.ts";

/** Most aliases of one document. */
const MAX_ALIASES = 1_000;

/** Most values that the aliases of one document may stand for: more is a bomb ("billion laughs"). */
const MAX_ALIASED_VALUES = 100_000;

interface YamlValueOptions {
  /** Form of numbers that a double cannot hold. Without it they are rounded. */
  readonly numbers?: NumberForm | undefined;
  /**
   * Whether merge keys of YAML 1.1 are merged: a member of the map itself wins, then the map that stands first.
   *
   * @default true
   */
  readonly merges?: boolean;
}

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
 * @param text the text of the document; if it has no `*`, it has no alias, and without `<<` no merge key
 * @throws Error if there are too many aliases, if they stand for too much or stand in what they stand for, and if a
 *   list or map is a key beside aliases. The message continues "it …"
 */
export function yamlValue(document: YamlDocument, text: string, options: YamlValueOptions = {}): unknown {
  const { numbers, merges = true } = options;
  if (text.includes("*") || (merges && text.includes("<<"))) return readValue(document, options);
  if (numbers === undefined || !mayLoseDigits(document)) return document.toJS();
  try {
    return readValue(document, options);
  } catch {
    // A list or a map is a key. The package writes it as text.
    return document.toJS();
  }
}

/** Tells whether a document has a number that is not written as JavaScript writes it. */
function mayLoseDigits(document: YamlDocument): boolean {
  let isFound = false;
  visit(document, {
    Scalar(_, { value, source }) {
      if (typeof value !== "number" || source === String(value)) return undefined;
      isFound = true;
      return visit.BREAK;
    },
  });
  return isFound;
}

function readValue(document: YamlDocument, { numbers, merges = true }: YamlValueOptions): unknown {
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
    return isMap(node) ? readMap(node) : { value: isScalar(node) ? scalarValue(node) : null, count: 1, depth: 0 };
  }

  function scalarValue({ value, source }: Scalar): unknown {
    if (typeof value !== "number" || numbers === undefined || source === undefined) return value ?? null;
    const number = resolvePlainScalar(source, numbers);
    if (!Number.isFinite(value)) return number;
    // A document of YAML 1.1 has other ways to write numbers.
    return Number(number) === value ? number : value;
  }

  function readMap(map: YAMLMap): Sized {
    const members = new Map<string, unknown>();
    const parts: Sized[] = [];
    for (const { key, value } of map.items) {
      const isMerge = merges && isMergeKey(key);
      const name = isMerge ? "<<" : nameOf(read(key).value);
      const sized = read(value);
      const merged = isMerge ? mergedMaps(sized.value) : undefined;
      if (merged === undefined) {
        members.set(name, sized.value);
        parts.push(sized);
        continue;
      }
      // Members of a merged map stand one level higher than in it; those of a list of maps, two.
      parts.push({ ...sized, depth: sized.depth - (Array.isArray(sized.value) ? 2 : 1) });
      for (const source of merged)
        for (const [name, member] of Object.entries(source)) if (!members.has(name)) members.set(name, member);
    }
    return { value: Object.fromEntries(members), ...sizeOf(parts) };
  }
}

/** Returns the maps that a merge key stands for. `undefined` for any other value, which is a member like others. */
function mergedMaps(value: unknown): readonly object[] | undefined {
  if (isJsonObject(value)) return [value];
  return Array.isArray(value) && value.length > 0 && value.every(isJsonObject) ? value : undefined;
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
  if (isObject(key)) throw new Error("has a list or a map as a key, which cannot be the key of an object");
  return key === null ? "" : String(key);
}
