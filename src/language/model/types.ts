import type { BindVariable } from "../document/declared-binds.ts";
import type { ConsumedInputParameter, TypedRequestBody } from "../document/document-types.ts";
import type { JsonPath } from "../expression/json-path.ts";
import type { Pagination } from "../overlays/pagination.ts";
import type { OverlayOrigin, SendingSettings, Setting } from "../overlays/resolved-overlay.ts";

/** A capability file, compiled: every operation addressable, every template and path parsed, no value resolved yet. */
export interface Capability {
  /** The file name without its extension. */
  readonly name: string;
  readonly info: CapabilityInfo;
  /** Every variable the file's `binds` declare, in file order. */
  readonly binds: readonly BindVariable[];
  readonly adapters: readonly Adapter[];
  readonly operations: readonly Operation[];
}

/** What the file says of itself (language chapter 2). */
export interface CapabilityInfo {
  readonly label?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly created?: string;
  readonly modified?: string;
}

/** One consumed HTTP API (language chapter 5.1). */
export interface Adapter {
  readonly namespace: string;
  readonly description?: string;
  readonly baseUri: BaseUri;
  /** Where an overlay sets the base URI. */
  readonly baseUriOrigin?: OverlayOrigin;
  /**
   * Names of the placeholders that callers fill: of the base URI itself, and of the file's, accepted also where another
   * base URI replaces it.
   */
  readonly baseUriInputs: readonly string[];
  readonly authentication?: Authentication;
  /** Folder of the file that declares it, from which its schemas are read; absent where there is no file. */
  readonly folder?: string;
  readonly pointer: string;
}

export type BaseUri =
  /** The file leaves it open. */
  | { readonly kind: "empty"; readonly text: string }
  /** It cannot be the base of an HTTP request. `reason` continues "it …". */
  | { readonly kind: "invalid"; readonly text: string; readonly reason: string }
  /** `url` ends without a slash. */
  | { readonly kind: "constant"; readonly text: string; readonly url: string }
  | { readonly kind: "template"; readonly text: string; readonly template: Template };

/** How calls to an adapter prove who they are (language chapter 5.7). */
export interface Authentication {
  /** `basic`, `bearer`, `apikey`, … as written. */
  readonly type: string;
  /** Not declared: implied by the file binding one credential that nothing else uses. */
  readonly implied: boolean;
  /** Header or query parameter of an API key, and where it goes. */
  readonly key?: string;
  readonly placement?: string;
  /** The other members by name: `token`, `username`, `password`, `value`, `clientId`, … */
  readonly fields: ReadonlyMap<string, Template>;
  readonly pointer: string;
  /** Where an overlay declares it. */
  readonly origin?: OverlayOrigin;
}

/** Text with references, resolved as far as the file allows. */
export interface Template {
  readonly text: string;
  readonly parts: readonly TemplatePart[];
}

export type TemplatePart = string | Reference;

export type Reference =
  | { readonly kind: "bind"; readonly variable: BindVariable }
  /**
   * A name such as `{{env.X}}` that no bind declares, or that several do: whatever needs it cannot be prepared.
   * `problem` says why.
   */
  | { readonly kind: "undeclared"; readonly name: string; readonly problem: string }
  /** The value of a parameter that the file fixes; `undefined` for one that is always absent. */
  | { readonly kind: "constant"; readonly value: unknown }
  | { readonly kind: "template"; readonly template: Template }
  /** A value given by the caller: the input called `name`, then its members. */
  | { readonly kind: "input"; readonly name: string; readonly members: readonly string[] };

/** Where a parameter is sent. */
export type ParameterIn = Exclude<ConsumedInputParameter["in"], "environment">;

export type InputType = "string" | "number" | "integer" | "boolean" | "array" | "object" | "any";

/** One consumed input parameter, after the three levels are merged (language chapter 5.3). */
export interface Parameter {
  readonly name: string;
  readonly in: ParameterIn;
  readonly type: InputType;
  readonly source: ParameterSource;
  readonly required: boolean;
  readonly pointer: string;
  /** Where an overlay adds it. */
  readonly origin?: OverlayOrigin;
}

export type ParameterSource =
  | { readonly kind: "input"; readonly key: string }
  /** A literal of the file. */
  | { readonly kind: "constant"; readonly value: string | number | boolean }
  | { readonly kind: "template"; readonly template: Template };

/** A value that a caller of an operation may give. */
export interface Input {
  /** What the caller writes: the name, or `location:name` where two locations share the name. */
  readonly key: string;
  readonly name: string;
  /** Where it is sent. `baseUri`: into the base URI; `template`: only into templates of the file. */
  readonly in: ParameterIn | "baseUri" | "template";
  readonly type: InputType;
  readonly required: boolean;
  readonly description?: string;
  readonly pointer: string;
  /** What an overlay gives where the caller gives nothing. */
  readonly default?: InputDefault;
}

/** A value that stands in for one that the caller leaves out. */
export interface InputDefault extends Setting<unknown> {
  /** The value with its templates in place. */
  readonly content: BodyNode;
}

/** The declared request body (language chapter 5.6); without one, body parameters make the body. */
export interface DeclaredBody {
  readonly type: TypedRequestBody["type"];
  readonly content: BodyNode;
  /** A JSON template as plain text: what is sent where a header declares another type than JSON. */
  readonly text?: BodyNode;
  readonly pointer: string;
}

/** A body with its templates in place. */
export type BodyNode =
  | { readonly kind: "constant"; readonly value: unknown }
  /**
   * Text: every placeholder becomes text. `quoted` is there where it should become JSON and is none before its
   * placeholders are filled: it tells for each part whether it stands inside a string.
   */
  | { readonly kind: "text"; readonly template: Template; readonly quoted?: readonly boolean[] }
  /** One placeholder that keeps the type of its value. */
  | { readonly kind: "value"; readonly template: Template }
  | { readonly kind: "array"; readonly items: readonly BodyNode[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [name: Template, value: BodyNode])[] };

/** One named output (language chapter 5.9). */
export interface Output {
  readonly name: string;
  readonly type: string;
  readonly path: JsonPath;
  readonly pointer: string;
  /** Where an overlay adds or renames it. */
  readonly origin?: OverlayOrigin;
}

/** One consumed operation: everything a call needs except the caller's inputs and the values of binds. */
export interface Operation {
  readonly adapter: Adapter;
  /** The resource's `name`. */
  readonly resource: string;
  readonly name: string;
  readonly method: string;
  /** As written in the file. */
  readonly path: string;
  /** Shortest text that names this operation alone. */
  readonly reference: string;
  readonly label?: string;
  readonly description?: string;
  /** The path without `?` and `#`: literal text and the path parameters in their places. */
  readonly pathParts: readonly (string | Parameter)[];
  /** What the path has behind a `?`, in the same form; empty without one. */
  readonly queryParts: readonly (string | Parameter)[];
  /** What fills the placeholders of the file's base URI, by name. */
  readonly baseUriSources: ReadonlyMap<string, ParameterSource>;
  /** Everything sent outside the path, in the order adapter, resource, operation. */
  readonly parameters: readonly Parameter[];
  readonly body?: DeclaredBody | undefined;
  /** By {@link Input.key}, in the order of the file, implied ones last. */
  readonly inputs: ReadonlyMap<string, Input>;
  /** `outputRawFormat` in lower case. */
  readonly rawFormat: string;
  /** As written: a path, a CSS selector or a heading, by raw format. */
  readonly outputSchema?: string;
  /** Absent where the operation declares none: the decoded body is the result. */
  readonly outputs?: readonly Output[] | undefined;
  readonly pointer: string;
  /** Further names that an overlay gives it. */
  readonly aliases?: readonly Setting<string>[];
  /** How its requests are sent, where overlays say so. */
  readonly sending?: SendingSettings;
  /** How it hands out a list in pages, where an overlay says so. */
  readonly pagination?: Setting<Pagination>;
}
