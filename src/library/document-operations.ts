import type { NamedContent } from "../engine/request/binary-value.ts";
import type { SchemaValue } from "./schema-value.ts";
import type { NoInputs } from "./typed-capability.ts";

/** Document in the code of a program whose texts TypeScript knows, since it is `as const`. Lists of such are never empty. */
type LiteralDocument =
  | { readonly consumes: readonly [unknown, ...unknown[]] }
  | { readonly capability: { readonly consumes: readonly [unknown, ...unknown[]] } };

/** Part of a document that another file holds. Its operations are not known. */
type Imported = { readonly import: unknown } | { readonly location: unknown } | { readonly from: unknown };

/** Operations of a document that is `as const`, by their references. `never` for every other document. */
export type OperationsOf<Document> = Document extends LiteralDocument
  ? Document extends { readonly imports: unknown }
    ? never
    : [Extract<AdaptersOf<Document>, Imported>] extends [never]
      ? Operations<Document>
      : never
  : never;

type Operations<Document> = {
  [Each in PartsOf<AdaptersOf<Document>> as ReferencesOf<Each>]: {
    readonly inputs: InputsOf<Each, VariablesOf<Document>>;
    readonly outputs: OutputsOf<Each["operation"]>;
  };
};

type Member<Owner, Name extends string> = Owner extends { readonly [Key in Name]: infer Value } ? Value : never;

/** Items of a list; or of a map by name, which the newer generation of the language may have in its place. */
type ItemsOf<List> = List extends readonly (infer Item)[]
  ? Item
  : { [Name in keyof List]: List[Name] & { readonly name: Name } }[keyof List];

type AdaptersOf<Document> =
  | ItemsOf<Member<Document, "consumes">>
  | ItemsOf<Member<Member<Document, "capability">, "consumes">>;

/** An operation with what stands around it. */
interface Part {
  readonly adapter: unknown;
  readonly resource: unknown;
  readonly operation: unknown;
}

type PartsOf<Adapter> = Adapter extends unknown
  ? PartsOfResource<Adapter, ItemsOf<Member<Adapter, "resources">>>
  : never;

type PartsOfResource<Adapter, Resource> = Resource extends unknown
  ? PartsOfOperation<Adapter, Resource, ItemsOf<Member<Resource, "operations">>>
  : never;

type PartsOfOperation<Adapter, Resource, Operation> = Operation extends unknown
  ? { readonly adapter: Adapter; readonly resource: Resource; readonly operation: Operation }
  : never;

type Text<Owner, Name extends string> = Extract<Member<Owner, Name>, string>;

/** References of an operation. The names of several are not combined with each other. */
type ReferencesOf<Each> = Each extends Part
  ?
      | Text<Each["operation"], "name">
      | `${Text<Each["resource"], "name">}.${Text<Each["operation"], "name">}`
      | `${Text<Each["adapter"], "namespace">}.${Text<Each["operation"], "name">}`
      | `${Text<Each["adapter"], "namespace">}.${Text<Each["resource"], "name">}.${Text<Each["operation"], "name">}`
      | (Each["operation"] extends { readonly path: string }
          ? never
          : `${Text<Each["operation"], "method">} ${PathOf<Each>}`)
  : never;

type PathOf<Each extends Part> = Text<Each["resource"], "path">;

// ---- Inputs. ----

/** A declared or implied parameter. */
interface Parameter {
  readonly name: string;
  readonly in: string;
}

type InputsOf<Each extends Part, Variables> = InputObject<
  InputDeclarations<Each, Variables>,
  PlaceholdersOf<PathOf<Each> | Text<Each["operation"], "path"> | Text<Each["adapter"], "baseUri">>,
  CredentialOf<Each["adapter"]>
>;

type InputObject<Declared, Placed, Credential> = [Declared] extends [never]
  ? NoInputs
  : {
        readonly [Each in Declared as IsRequired<Each, Placed, Credential> extends true
          ? KeyOf<Each, Declared>
          : never]: ValueOf<Each>;
      } & {
        readonly [Each in Declared as IsRequired<Each, Placed, Credential> extends true
          ? never
          : KeyOf<Each, Declared>]?: ValueOf<Each> | undefined;
      } extends infer Both
    ? { readonly [Name in keyof Both]: Both[Name] }
    : never;

/** Parameters that a caller gives: the declared ones, then those that placeholders imply. */
type InputDeclarations<Each extends Part, Variables> = WithImplied<
  Merged<ParametersOf<Each["operation"]>, Merged<ParametersOf<Each["resource"]>, ParametersOf<Each["adapter"]>>>,
  Each,
  Variables
>;

type ParametersOf<Owner> = ItemsOf<Member<Owner, "inputParameters">>;

/** Parameters of two levels. Those of the inner one are in place of outer ones of their name and location. */
type Merged<Inner, Outer> = Inner | Exclude<Outer, IdentityOf<Inner>>;

type IdentityOf<Each> = Each extends Parameter ? { readonly name: Each["name"]; readonly in: Each["in"] } : never;

type WithImplied<All, Each extends Part, Variables> =
  | GivenOf<All>
  | Implied<PlaceholdersOf<BeforeQuery<PathOf<Each>>>, "path", NamesIn<All, "path"> | Variables>
  | Implied<PlaceholdersOf<AfterQuery<PathOf<Each>>>, "path", NamesIn<All, "path" | "query"> | Variables>
  | Implied<
      PlaceholdersOf<Text<Each["adapter"], "baseUri">>,
      "baseUri",
      NamesIn<All, string> | PlaceholdersOf<PathOf<Each>> | Variables
    >
  | Implied<
      HeadOf<InTemplatesOf<TextsIn<Member<Each["operation"], "body">> | TextsIn<Member<All, "value" | "template">>>>,
      "template",
      NamesIn<All, string> | PlaceholdersOf<PathOf<Each>> | Variables
    >;

/** Parameters without a value of the file. */
type GivenOf<Each> = Each extends
  | { readonly in: "environment" }
  | { readonly value: string | number | boolean }
  | { readonly template: string | number | boolean }
  ? never
  : Each;

type NamesIn<Each, Location> = Each extends Parameter ? (Each["in"] extends Location ? Each["name"] : never) : never;

type Implied<Name, Location, Known> = Name extends Known
  ? never
  : Name extends string
    ? { readonly name: Name; readonly in: Location; readonly implied: true }
    : never;

type BeforeQuery<Path extends string> = Path extends `${infer Before}?${string}` ? Before : Path;
type AfterQuery<Path extends string> = Path extends `${string}?${infer After}` ? After : never;

/** Names in single or double braces. */
type PlaceholdersOf<Text extends string> = Text extends `${string}{${infer Rest}`
  ? Rest extends `{${infer Name}}}${infer Next}`
    ? Trimmed<Name> | PlaceholdersOf<Next>
    : Rest extends `${infer Name}}${infer Next}`
      ? Trimmed<Name> | PlaceholdersOf<Next>
      : never
  : never;

/** Names in double braces. */
type InTemplatesOf<Text> = Text extends `${string}{{${infer Name}}}${infer Next}`
  ? Trimmed<Name> | InTemplatesOf<Next>
  : never;

/** The input that a name in a template means: the part before its first dot, without the word for an exposed unit. */
type HeadOf<Name> = Name extends `${"rest" | "tools" | "mcp"}.${infer Input}`
  ? HeadOf<Input>
  : Name extends `${infer Head}.${string}`
    ? Head
    : Name;

type Trimmed<Text> = Text extends ` ${infer Rest}` | `${infer Rest} ` ? Trimmed<Rest> : Text;

type TextsIn<Value> = Value extends string ? Value : Value extends object ? TextsIn<Value[keyof Value]> : never;

/** Names that mean variables in templates. */
type VariablesOf<Document> =
  | BoundBy<ItemsOf<Member<Document, "binds">>>
  | BoundBy<ItemsOf<Member<Member<Document, "capability">, "binds">>>
  | `${"$env" | "env"}.${string}`;

type BoundBy<Bind> = Bind extends { readonly namespace: infer Namespace extends string; readonly keys: infer Keys }
  ? Extract<keyof Keys, string> | `${Namespace}.${string}`
  : never;

/** Name of the header or query parameter that authentication fills. */
type CredentialOf<Adapter> = Adapter extends { readonly authentication: infer Authentication }
  ? "authorization" | Lowercase<Text<Authentication, "key">>
  : never;

// biome-ignore lint/complexity/noBannedTypes: Any value but `null` is a default.
type IsRequired<Each, Placed, Credential> = Each extends { readonly default: {} }
  ? false
  : Each extends { readonly in: "path" | "baseUri"; readonly name: Placed }
    ? true
    : Each extends {
          readonly required: true;
          readonly in: Exclude<string, "path">;
          readonly name: infer Name extends string;
        }
      ? Each extends { readonly in: "header" | "query" }
        ? Lowercase<Name> extends Credential
          ? false
          : true
        : true
      : false;

/** Name that the caller writes: the name, or `location:name` if two locations share the name. */
type KeyOf<Each, All> = Each extends {
  readonly name: infer Name extends string;
  readonly in: infer Location extends string;
}
  ? [Exclude<LocationsOf<All, Name>, Location>] extends [never]
    ? Name
    : `${Location}:${Name}`
  : never;

type LocationsOf<Each, Name> = Each extends { readonly name: Name; readonly in: infer Location } ? Location : never;

type ValueOf<Each> = Each extends { readonly in: "body" }
  ? DeclaredValue<Each> | ([Member<Each, "name">] extends ["body"] ? never : null)
  : DeclaredValue<Each>;

type DeclaredValue<Each> = Each extends { readonly "x-schema": infer Schema }
  ? SchemaValue<Schema>
  : Each extends { readonly type: "array" }
    ? SchemaValue<ArraySchema<Each>>
    : Each extends { readonly enum: readonly (infer Value)[] }
      ? Value
      : Each extends { readonly type: "string"; readonly in: "body" }
        ? string | Uint8Array | NamedContent
        : Each extends { readonly type: "object" }
          ? object
          : Each extends { readonly implied: true; readonly in: "path" | "baseUri" }
            ? string
            : SchemaValue<Each>;

/** An array of parameters may have the values of its items beside it. */
type ArraySchema<Each> = Each extends { readonly enum: infer Values }
  ? { readonly type: "array"; readonly items: { readonly enum: Values } }
  : Each;

// ---- Outputs. ----

type OutputsOf<Operation> = Operation extends { readonly outputParameters: infer List }
  ? { [Each in ItemsOf<List> as Text<Each, "name">]: OutputValue<Each, Operation> }
  : AnswerOf<Operation>;

type OutputValue<Each, Operation> = Each extends { readonly value: "$" | "$." }
  ? Operation extends { readonly "x-schema": unknown }
    ? AnswerOf<Operation>
    : TypedOutput<Member<Each, "type">>
  : TypedOutput<Member<Each, "type">>;

type TypedOutput<Type> = [Type] extends [never]
  ? unknown
  : Type extends "binary"
    ? Uint8Array
    : Type extends "number" | "integer"
      ? number
      : Type extends "array"
        ? unknown[]
        : SchemaValue<{ readonly type: Type }>;

type AnswerOf<Operation> = Operation extends { readonly "x-schema": infer Schema }
  ? SchemaValue<Schema>
  : Lowercase<Text<Operation, "outputRawFormat">> extends infer Format
    ? [Format] extends ["text"]
      ? string
      : [Format] extends ["binary"]
        ? Uint8Array
        : [Format] extends ["csv" | "tsv" | "psv"]
          ? Record<string, string>[]
          : unknown
    : unknown;
