import { MASK } from "./mask.ts";

/** Deepest level that is looked through. Deeper values are not shown. */
const DEEPEST = 64;

/** Mask for the texts of a value. */
export interface TextMask {
  text(text: string): string;
  /** Masks a text with the name of the member that holds it: the name may tell that it is secret. */
  field(name: string, text: string): string;
  bytes(bytes: Uint8Array): Uint8Array;
}

/** Copy of a value without secrets. */
interface MaskedCopy {
  readonly value: unknown;
  /** Whether the value had secrets, or was nested too deep to tell. */
  readonly hasChanged: boolean;
}

/**
 * Copies a value with the secrets masked in its texts, numbers and member names. A value that holds itself or is nested
 * too deep, and a member that cannot be read, become `***`.
 */
export function maskValue(value: unknown, mask: TextMask): MaskedCopy {
  const masker = new ValueMasker(mask);
  const copy = masker.copy(value, 0);
  return { value: copy, hasChanged: masker.hasChanged };
}

/** Returns the value of a member, or `***` if its getter throws. */
export function memberOf(value: object, name: string): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    return MASK;
  }
}

class ValueMasker {
  hasChanged = false;
  readonly #mask: TextMask;
  /** Copies by their originals; `***` while one is made. */
  readonly #copies = new Map<object, unknown>();

  constructor(mask: TextMask) {
    this.#mask = mask;
  }

  copy(value: unknown, depth: number, name?: string): unknown {
    switch (typeof value) {
      case "string":
        return this.#text(value, name);
      case "number":
      case "bigint": {
        // A number may be a secret too, such as an account's.
        const text = String(value);
        return this.#text(text, name) === text ? value : MASK;
      }
      case "symbol":
      case "function":
        return this.#text(String(typeof value === "symbol" ? value : `[Function ${value.name}]`), name);
      case "object":
        return value === null ? null : this.#copyOnce(value, depth, name);
      default:
        return value;
    }
  }

  #text(text: string, name?: string): string {
    const masked = name === undefined ? this.#mask.text(text) : this.#mask.field(name, text);
    this.hasChanged ||= masked !== text;
    return masked;
  }

  #copyOnce(value: object, depth: number, name: string | undefined): unknown {
    if (depth > DEEPEST) {
      this.hasChanged = true;
      return MASK;
    }
    if (this.#copies.has(value)) return this.#copies.get(value);
    this.#copies.set(value, MASK);
    const copy = this.#copyObject(value, depth + 1, name);
    this.#copies.set(value, copy);
    return copy;
  }

  #copyObject(value: object, depth: number, name: string | undefined): unknown {
    if (Array.isArray(value)) return value.map(item => this.copy(item, depth, name));
    if (value instanceof Uint8Array) return this.#bytes(value);
    if (value instanceof URL) return this.#text(value.href);
    if (value instanceof Date) return value;
    if (value instanceof Map)
      return new Map([...value].map(([key, item]) => [this.copy(key, depth), this.copy(item, depth)]));
    if (value instanceof Set) return new Set([...value].map(item => this.copy(item, depth)));
    // As `Object.fromEntries` defines members, `__proto__` is a name like any other.
    return Object.fromEntries(
      namesOf(value).map(member => [this.#text(member), this.copy(memberOf(value, member), depth, member)]),
    );
  }

  #bytes(bytes: Uint8Array): Uint8Array {
    const masked = this.#mask.bytes(bytes);
    this.hasChanged ||= masked !== bytes;
    return masked;
  }
}

/** Lists the member names of a value. For an error, also those that a copy would miss. */
function namesOf(value: object): string[] {
  if (!(value instanceof Error)) return Object.keys(value);
  const hidden = ["name", "message", "cause", "errors"].filter(name => name in value);
  return [...new Set([...hidden, ...Object.keys(value)])];
}
