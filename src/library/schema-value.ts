/**
 * Values that a JSON Schema allows, as far as TypeScript can tell them: of a schema that a program holds `as const`.
 * `Root` is the schema whose `$defs` it refers to. Everything else is `unknown`.
 */
export type SchemaValue<Schema, Root = Schema> = Schema extends { readonly const: infer Value }
  ? Value
  : Schema extends { readonly enum: readonly (infer Value)[] }
    ? Value
    : Schema extends { readonly $ref: `#/$defs/${infer Name}` }
      ? Root extends { readonly $defs: { readonly [Key in Name]: infer Definition } }
        ? SchemaValue<Definition, Root>
        : unknown
      : Schema extends { readonly oneOf: readonly (infer Choice)[] } | { readonly anyOf: readonly (infer Choice)[] }
        ? SchemaValue<Choice, Root>
        : Schema extends { readonly type: infer Type }
          ? Type extends readonly (infer Each)[]
            ? TypedValue<Each, Schema, Root>
            : TypedValue<Type, Schema, Root>
          : Schema extends { readonly properties: unknown }
            ? ObjectValue<Schema, Root>
            : unknown;

/** Values of one `type`. It distributes over several. */
type TypedValue<Type, Schema, Root> = Type extends "string"
  ? string
  : Type extends "number" | "integer"
    ? number | bigint
    : Type extends "boolean"
      ? boolean
      : Type extends "null"
        ? null
        : Type extends "array"
          ? Schema extends { readonly items: infer Items }
            ? readonly SchemaValue<Items, Root>[]
            : readonly unknown[]
          : Type extends "object"
            ? ObjectValue<Schema, Root>
            : unknown;

type ObjectValue<Schema, Root> = Schema extends { readonly properties: infer Properties }
  ? { [Name in keyof Properties & RequiredOf<Schema>]: SchemaValue<Properties[Name], Root> } & {
      [Name in Exclude<keyof Properties, RequiredOf<Schema>>]?: SchemaValue<Properties[Name], Root> | undefined;
    } extends infer Both
    ? { -readonly [Name in keyof Both]: Both[Name] }
    : never
  : Record<string, unknown>;

type RequiredOf<Schema> = Schema extends { readonly required: readonly (infer Name)[] } ? Name : never;
