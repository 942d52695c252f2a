import { isObject } from "../../base/json-object.ts";
import { setMember } from "../../base/set-member.ts";
import { AROUND, DEEPEST, endWithin, jsonCost, nameCost } from "./json-cost.ts";

/** The part of a value that was not given yet. */
export interface Rest {
  /** The first item, member or character that was not begun. */
  readonly from: number;
  /** The rests of items and members that were begun, by their position. */
  readonly inner: ReadonlyMap<number, Rest>;
}

/** A part of a value that is given in parts. */
export interface Cut {
  /** Where it is: `$.data[3].body`. */
  readonly path: string;
  readonly kind: "characters" | "items" | "members";
  /** The first and the last that are given, from 1. `last` is below `first` if none is. */
  readonly first: number;
  readonly last: number;
  readonly total: number;
}

interface Trimmed {
  readonly value: unknown;
  readonly cuts: readonly Cut[];
  /** `undefined`: nothing is left. */
  readonly rest: Rest | undefined;
  /** Whether anything was given, so that the next part is another one. */
  readonly hasProgress: boolean;
}

/**
 * Gives so much of a value as its budget of tokens is for: the first items of lists, the beginnings of long strings. It
 * has the form of the whole value. The value is not changed, and no more of it is looked at than the budget is for.
 *
 * @param rest what earlier parts have left; `undefined` for the first part. Members that they have given are repeated
 *   where they are small, and empty where they are not
 */
export function trim(value: unknown, budget: number, rest?: Rest): Trimmed {
  const trimming = new Trimming(budget);
  const taken = trimming.take({ value, budget, rest, path: "$", depth: 0 });
  return { value: taken.value, rest: taken.rest, cuts: trimming.cuts, hasProgress: trimming.hasProgress };
}

interface Part {
  readonly value: unknown;
  readonly budget: number;
  readonly rest: Rest | undefined;
  readonly path: string;
  readonly depth: number;
}

type PartOf<Value> = Part & { readonly value: Value };

interface Taken {
  readonly value: unknown;
  readonly cost: number;
  readonly rest: Rest | undefined;
}

/** Objects with more members are taken for lists by name. */
const MOST_MEMBERS = 100;
/** One of many items gets at most this share of its list. */
const SHARE_OF_ITEM = 1 / 8;
/** Fewer tokens are not worth another item. */
const LEAST = 8;
/** An item or a member that is cut gets as many tokens at least, if they are left. */
const LEAST_SHARE = 60;
/** Members that earlier parts have given get at most this share of a later one. */
const SHARE_OF_FILLERS = 1 / 8;
/** Rounds in which small members give what they do not need to large ones. */
const ROUNDS = 5;

const NONE: ReadonlyMap<number, Rest> = new Map();
const UNBEGUN: Rest = { from: 0, inner: NONE };

function isBegun(rest: Rest | undefined): boolean {
  return rest !== undefined && (rest.from > 0 || rest.inner.size > 0);
}

class Trimming {
  readonly cuts: Cut[] = [];
  hasProgress = false;
  /** Tokens of the whole part. */
  readonly #budget: number;

  constructor(budget: number) {
    this.#budget = budget;
  }

  take(given: Part): Taken {
    const { value, budget } = given;
    const rest = isBegun(given.rest) ? given.rest : undefined;
    const part = { ...given, rest };
    if (rest === undefined) {
      const cost = jsonCost(value, budget, part.depth);
      if (cost <= budget || isScalar(value)) {
        this.hasProgress = true;
        return { value, cost, rest: undefined };
      }
    }
    if (typeof value === "string") return this.#string({ ...part, value });
    if (!isObject(value)) return { value, cost: AROUND, rest: undefined };
    if (part.depth > DEEPEST) return this.#leaveOut({ ...part, value });
    if (Array.isArray(value)) return this.#list({ ...part, value });
    const names = Object.keys(value);
    const isList =
      rest === undefined
        ? names.length > MOST_MEMBERS || names.reduce((cost, name) => cost + nameCost(name), 0) > budget / 2
        : rest.from < names.length;
    return isList ? this.#dictionary({ ...part, value }, names) : this.#members({ ...part, value }, names);
  }

  #string({ value, budget, rest, path }: PartOf<string>): Taken {
    const from = rest?.from ?? 0;
    const end = endWithin(value, from, budget - AROUND);
    const text = value.slice(from, end);
    if (end > from) this.hasProgress = true;
    this.cuts.push({ path, kind: "characters", first: from + 1, last: end, total: value.length });
    return {
      value: text,
      cost: jsonCost(text, Number.POSITIVE_INFINITY),
      rest: end < value.length ? { from: end, inner: NONE } : undefined,
    };
  }

  #list(part: PartOf<readonly unknown[]>): Taken {
    const { value, path } = part;
    const items: unknown[] = [];
    const { cost, rest } = this.#sequence(part, "items", value.length, {
      at: index => value[index],
      pathAt: index => `${path}[${index}]`,
      costAt: () => 0,
      give: (_index, item) => items.push(item),
    });
    return { value: items, cost, rest };
  }

  #dictionary(part: PartOf<Readonly<Record<string, unknown>>>, names: readonly string[]): Taken {
    const { value, path } = part;
    const members: Record<string, unknown> = {};
    const { cost, rest } = this.#sequence(part, "members", names.length, {
      at: index => value[names[index] as string],
      pathAt: index => memberPath(path, names[index] as string),
      costAt: index => nameCost(names[index] as string),
      give: (index, member) => setMember(members, names[index] as string, member),
    });
    return { value: members, cost, rest };
  }

  /** Gives whole items as long as the budget lasts, and the beginnings of large ones; then it goes on with those of before. */
  #sequence(part: Part, kind: "items" | "members", total: number, items: Sequence): Omit<Taken, "value"> {
    const { budget, rest, path, depth } = part;
    const first = rest?.from ?? 0;
    const share = budget * Math.max(SHARE_OF_ITEM, 1 / Math.max(1, total - first));
    const most = Math.max(share, Math.min(budget, LEAST_SHARE));
    const inner = new Map<number, Rest>();
    let cost = AROUND;
    const give = (index: number, most: number, rest: Rest | undefined) => {
      const around = items.costAt(index);
      const taken = this.take({
        value: items.at(index),
        budget: most - around,
        rest,
        path: items.pathAt(index),
        depth: depth + 1,
      });
      items.give(index, taken.value);
      cost += taken.cost + around;
      if (taken.rest !== undefined) inner.set(index, taken.rest);
    };

    let index = first;
    const at = this.cuts.length;
    for (; index < total; index++) {
      const left = budget - cost;
      const around = items.costAt(index);
      // A name that no part has room for is passed over.
      if (around > this.#budget / 2) continue;
      const size = around + jsonCost(items.at(index), Math.min(left, most), depth + 1);
      const isWhole = size <= left && size <= most;
      if (!isWhole && (left < most / 2 || left < LEAST || size <= most)) break;
      give(index, isWhole ? size : Math.min(left, most), undefined);
    }
    if (first > 0 || index < total) {
      const cut = { path, kind, first: first + 1, last: index, total };
      if (first < total) this.cuts.splice(at, 0, cut);
    }
    for (const [position, innerRest] of rest?.inner ?? NONE) {
      const left = budget - cost;
      if (index < total || left < LEAST) inner.set(position, innerRest);
      else give(position, left, innerRest);
    }
    return { cost, rest: index < total || inner.size > 0 ? { from: index, inner } : undefined };
  }

  /** Gives every member. Large ones share what small ones leave. */
  #members(
    { value, budget, rest, path, depth }: PartOf<Readonly<Record<string, unknown>>>,
    names: readonly string[],
  ): Taken {
    const given = new Map<number, unknown>();
    const inner = new Map<number, Rest>();
    let cost = AROUND;
    const spend = (index: number, member: unknown, memberCost: number) => {
      given.set(index, member);
      cost += memberCost;
    };
    let open = [...names.keys()].filter(index => rest === undefined || rest.inner.has(index));
    for (const index of open) cost += nameCost(names[index] as string);
    if (rest !== undefined) {
      const done = names.filter((_name, index) => !rest.inner.has(index));
      const fillers = Object.fromEntries(done.map(name => [name, fillerOf(value[name], 0)]));
      const size = jsonCost(fillers, budget * SHARE_OF_FILLERS);
      if (size <= budget * SHARE_OF_FILLERS) {
        cost += size;
        for (const name of done) given.set(names.indexOf(name), fillers[name]);
      }
    }
    for (let round = 0; round < ROUNDS && rest === undefined; round++) {
      const share = (budget - cost) / open.length;
      const large = open.filter(index => {
        const member = value[names[index] as string];
        const size = jsonCost(member, share, depth + 1);
        if (size > share) return true;
        this.hasProgress = true;
        spend(index, member, size);
        return false;
      });
      if (large.length === open.length) break;
      open = large;
    }
    for (const [done, index] of open.entries()) {
      const name = names[index] as string;
      const left = budget - cost;
      if (left < LEAST && !isScalar(value[name])) {
        const filler = fillerOf(value[name], DEEPEST_REPEATED);
        spend(index, typeof filler === "string" ? "" : filler, AROUND);
        inner.set(index, rest?.inner.get(index) ?? UNBEGUN);
        continue;
      }
      // Later parts give one member after the other, so that each has room.
      const share = rest === undefined ? Math.max(left / (open.length - done), Math.min(left, LEAST_SHARE)) : left;
      const taken = this.take({
        value: value[name],
        budget: share,
        rest: rest?.inner.get(index),
        path: memberPath(path, name),
        depth: depth + 1,
      });
      spend(index, taken.value, taken.cost);
      if (taken.rest !== undefined) inner.set(index, taken.rest);
    }
    const members: Record<string, unknown> = {};
    for (const [index, name] of names.entries()) if (given.has(index)) setMember(members, name, given.get(index));
    return { value: members, cost, rest: inner.size > 0 ? { from: names.length, inner } : undefined };
  }

  /** Gives an empty value in place of one that is nested too deeply. No part will have it. */
  #leaveOut({ value, path }: PartOf<object>): Taken {
    const total = Object.keys(value).length;
    this.cuts.push({ path, kind: Array.isArray(value) ? "items" : "members", first: 1, last: 0, total });
    return { value: Array.isArray(value) ? [] : {}, cost: AROUND, rest: undefined };
  }
}

/** The items of a list, or the members of an object. */
interface Sequence {
  at(index: number): unknown;
  pathAt(index: number): string;
  /** Returns the tokens of what stands before the item. */
  costAt(index: number): number;
  give(index: number, item: unknown): void;
}

function isScalar(value: unknown): boolean {
  return typeof value !== "string" && !isObject(value);
}

const LONGEST_REPEATED = 64;
const DEEPEST_REPEATED = 2;

/** Returns what stands for a value that earlier parts have given: the value if it is small, else an empty one. */
function fillerOf(value: unknown, depth: number): unknown {
  if (typeof value === "string") return value.length > LONGEST_REPEATED ? "" : value;
  if (!isObject(value)) return value;
  if (Array.isArray(value)) return [];
  const filler: Record<string, unknown> = {};
  const names = Object.keys(value);
  if (depth >= DEEPEST_REPEATED || names.length > MOST_MEMBERS) return filler;
  for (const name of names) setMember(filler, name, fillerOf(value[name], depth + 1));
  return filler;
}

const LONGEST_NAME = 60;

/** Returns the path of a member. A long name is cut: the path is for reading. */
function memberPath(path: string, name: string): string {
  if (/^[A-Za-z_]\w{0,59}$/.test(name)) return `${path}.${name}`;
  return `${path}[${JSON.stringify(name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name)}]`;
}
