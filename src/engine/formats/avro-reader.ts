import avsc, { type Tap, type Type, type TypeHook } from "avsc/lib/types.js";
import type { ValueCount } from "../../base/decode-limits.ts";
import type { NumberForm } from "../../base/numbers/exact-number.ts";
import { MAX_DEPTH } from "./raw-format.ts";

// Replacements for types of `avsc`. Those compile code for the names of a schema, and read as many items as a body claims
// to have, even beyond its end. These interpret, and stop.

const { builtins } = avsc;

/** Counter of the values of the current body. Reading is synchronous: there is one body at a time. */
let values: ValueCount;
/** Form of a `long` that a double cannot hold, in the current body. */
let numbers: NumberForm;
/** Number of open records, the only way for a schema to recurse. */
let depth = 0;

/**
 * Creates a reader of one datum of a schema.
 *
 * @throws Error for an invalid Avro schema
 */
export function createAvroReader(schema: unknown): (body: Buffer, count: ValueCount, form: NumberForm) => unknown {
  const type = avsc.Type.forSchema(schema, { typeHook });
  return (body, count, form) => {
    values = count;
    numbers = form;
    depth = 0;
    return type.fromBuffer(body);
  };
}

class RecordType extends builtins.RecordType {
  override _createReader(): Type["_read"] {
    const { fields } = this;
    return tap => {
      values.add(fields.length);
      if (++depth > MAX_DEPTH) throw new RangeError(`it nests more than ${MAX_DEPTH} levels`);
      const entries = fields.map(({ name, type }) => [name, type._read(tap)] as const);
      depth--;
      requireWithin(tap);
      return Object.fromEntries(entries);
    };
  }
  override _createConstructor(): void {}
  override _createSkipper(): void {}
  override _createWriter(): void {}
  override _createChecker(): void {}
  override _createBranchConstructor(): void {}
}

class ArrayType extends builtins.ArrayType {
  override _read(tap: Tap): unknown[] {
    const items: unknown[] = [];
    readBlocks(tap, () => items.push(this.itemsType._read(tap)));
    return items;
  }
  override _createBranchConstructor(): void {}
}

class MapType extends builtins.MapType {
  override _read(tap: Tap): object {
    const members: [string, unknown][] = [];
    readBlocks(tap, () => members.push([tap.readString(), this.valuesType._read(tap)]));
    return Object.fromEntries(members);
  }
  override _createBranchConstructor(): void {}
}

class UnionType extends builtins.WrappedUnionType {
  override _read(tap: Tap): unknown {
    const index = tap.readLong();
    const type = this.types[index];
    if (type === undefined) throw new Error(`a union of ${this.types.length} types has no number ${index}`);
    return type._read(tap);
  }
}

class FixedType extends builtins.FixedType {
  override _read(tap: Tap): string | undefined {
    return tap.readFixed(this.size)?.toString("base64");
  }
  override _createBranchConstructor(): void {}
}

class BytesType extends builtins.BytesType {
  override _read(tap: Tap): string | undefined {
    return tap.readBytes()?.toString("base64");
  }
  override _createBranchConstructor(): void {}
}

class LongType extends builtins.LongType {
  override _read(tap: Tap): number | bigint | string {
    const long = tap.unpackLongBytes().readBigInt64LE();
    if (Number.isSafeInteger(Number(long))) return Number(long);
    return numbers === "string" ? String(long) : long;
  }
  override _createBranchConstructor(): void {}
}

/** Returns a type that reads as in `avsc`. */
function asItIs(Base: typeof Type): typeof Type {
  return class extends Base {
    override _createBranchConstructor(): void {}
  };
}

/** Returns a type of numbers that gives infinity and NaN, which JSON lacks, as texts: so does the JSON of Protobuf. */
function finiteOrText(Base: typeof Type): typeof Type {
  return class extends Base {
    override _read(tap: Tap): unknown {
      const value = super._read(tap);
      return Number.isFinite(value) ? value : String(value);
    }
    override _createBranchConstructor(): void {}
  };
}

const constructors: ReadonlyMap<unknown, typeof Type> = new Map<unknown, typeof Type>([
  ["record", RecordType],
  ["error", RecordType],
  ["array", ArrayType],
  ["map", MapType],
  ["enum", asItIs(builtins.EnumType)],
  ["fixed", FixedType],
  ["bytes", BytesType],
  ["long", LongType],
  ["null", asItIs(builtins.NullType)],
  ["boolean", asItIs(builtins.BooleanType)],
  ["int", asItIs(builtins.IntType)],
  ["float", finiteOrText(builtins.FloatType)],
  ["double", finiteOrText(builtins.DoubleType)],
  ["string", asItIs(builtins.StringType)],
]);

/** Chooses the type for a schema. `avsc` handles names that the schema declares. */
function typeHook(...[schema, options]: Parameters<TypeHook>): Type | undefined {
  if (Array.isArray(schema)) return new UnionType(schema, options);
  const kind = typeof schema === "string" ? schema : (schema as { type?: unknown } | null)?.type;
  const Found = constructors.get(kind);
  return Found && new Found(schema, options);
}

/** Reads the blocks of an array or a map: the count of items, negative if a size in bytes follows, then the items. */
function readBlocks(tap: Tap, readItem: () => void): void {
  for (;;) {
    let count = tap.readLong();
    requireWithin(tap);
    if (count === 0) return;
    if (count < 0) {
      count = -count;
      tap.skipLong();
    }
    // Before reading them: an item may take no byte at all.
    values.add(count);
    for (; count > 0; count--) {
      readItem();
      requireWithin(tap);
    }
  }
}

function requireWithin(tap: Tap): void {
  if (!tap.isValid()) throw new Error("it ends too early");
}
