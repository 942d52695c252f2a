// Internal parts of avsc that `avro-reader.ts` uses.
declare module "avsc/lib/types.js" {
  /** The source that a type reads from. Only `isValid` tells that reading went beyond the end. */
  interface Tap {
    isValid(): boolean;
    readLong(): number;
    skipLong(): void;
    readString(): string;
    readBytes(): Buffer | undefined;
    readFixed(size: number): Buffer | undefined;
    unpackLongBytes(): Buffer;
  }

  type TypeHook = (schema: unknown, options: object) => Type | undefined;

  class Type {
    constructor(schema: unknown, options: object);
    static forSchema(schema: unknown, options: { typeHook: TypeHook }): Type;
    /** Reads one value, which must take the whole buffer. */
    fromBuffer(buffer: Buffer): unknown;
    _read(tap: Tap): unknown;
    /** Compiles a function named after the type, for unions that `avsc` reads itself. */
    _createBranchConstructor(): unknown;
  }

  class RecordType extends Type {
    readonly fields: readonly { readonly name: string; readonly type: Type }[];
    /** These compile functions for the record. */
    _createConstructor(): unknown;
    _createReader(): Type["_read"];
    _createSkipper(): unknown;
    _createWriter(): unknown;
    _createChecker(): unknown;
  }

  class ArrayType extends Type {
    readonly itemsType: Type;
  }

  class MapType extends Type {
    readonly valuesType: Type;
  }

  class WrappedUnionType extends Type {
    readonly types: readonly Type[];
  }

  class FixedType extends Type {
    readonly size: number;
  }

  const types: {
    readonly Type: typeof Type;
    readonly builtins: {
      readonly RecordType: typeof RecordType;
      readonly ArrayType: typeof ArrayType;
      readonly MapType: typeof MapType;
      readonly WrappedUnionType: typeof WrappedUnionType;
      readonly FixedType: typeof FixedType;
      readonly EnumType: typeof Type;
      readonly BytesType: typeof Type;
      readonly LongType: typeof Type;
      readonly NullType: typeof Type;
      readonly BooleanType: typeof Type;
      readonly IntType: typeof Type;
      readonly FloatType: typeof Type;
      readonly DoubleType: typeof Type;
      readonly StringType: typeof Type;
    };
  };

  export { type Tap, type Type, type TypeHook };
  // biome-ignore lint/style/noDefaultExport: a CommonJS module has nothing else.
  export default types;
}
