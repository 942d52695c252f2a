import type { Schema } from "../../base/json-schema/schema-document.ts";
import type { BindVariable } from "../document/declared-binds.ts";
import type { ConsumedInputParameter, TypedRequestBody } from "../document/document-types.ts";
import type { InputType } from "../document/input-schema.ts";
import type { ParameterStyle } from "../document/parameter-style.ts";
import type { JsonPath } from "../expression/json-path.ts";
import type { Pagination } from "../overlays/pagination.ts";
import type { OverlayOrigin, SendingSettings, Setting } from "../overlays/resolved-overlay.ts";
import type { UndeclaredName } from "./undeclared-name.ts";

/** Compiled capability file: every operation addressable, every template and path parsed, no value resolved yet. */
export interface CapabilityModel {
  /** File name without its extension. */
  readonly name: string;
  readonly info: CapabilityInfo;
  /** Every variable the file's `binds` declare, in file order. */
  readonly binds: readonly BindVariable[];
  readonly adapters: readonly Adapter[];
  readonly operations: readonly Operation[];
}

/** Description of the file by itself (language chapter 2). */
export interface CapabilityInfo {
  readonly label?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  /** Version of the capability itself. */
  readonly version?: string;
  readonly created?: string;
  readonly modified?: string;
}

/** One consumed HTTP API (language chapter 5.1). */
export interface Adapter {
  readonly namespace: string;
  readonly description: string | undefined;
  readonly baseUri: BaseUri;
  /** Place of the overlay that sets the base URI. */
  readonly baseUriOrigin: OverlayOrigin | undefined;
  /**
   * Names of the placeholders that callers fill: of the base URI itself, and of the file's. The latter are accepted
   * even if another base URI replaces it.
   */
  readonly baseUriInputs: readonly string[];
  readonly authentication: Authentication | undefined;
  /** Operation without a path of its own: the parameters and the credential that every request to the API has. */
  readonly bare: Operation;
  /** Folder of the file that declares it, where its schemas are read. Absent if there is no file. */
  readonly folder: string | undefined;
  readonly pointer: string;
}

export type BaseUri =
  /** Empty in the file. */
  | { readonly kind: "empty"; readonly text: string }
  /** Not the base of an HTTP request. `reason` continues "it …". */
  | { readonly kind: "invalid"; readonly text: string; readonly reason: string }
  /** `url` ends without a slash. */
  | { readonly kind: "constant"; readonly text: string; readonly url: string }
  | { readonly kind: "template"; readonly text: string; readonly template: Template };

/** Credential for calls to an adapter (language chapter 5.7). */
export interface Authentication {
  /** `basic`, `bearer`, `apikey`, … as written. */
  readonly type: string;
  /** Whether it is implied and not declared: the file binds one credential without another use. */
  readonly implied: boolean;
  /** Header or query parameter of an API key, and where it goes. */
  readonly key: string | undefined;
  readonly placement: string | undefined;
  /** The other members by name: `token`, `username`, `password`, `value`, `clientId`, … */
  readonly fields: ReadonlyMap<string, Template>;
  readonly pointer: string;
  /** Place of the overlay that declares it. */
  readonly origin: OverlayOrigin | undefined;
}

/** Text with references, resolved as far as the file allows. */
export interface Template {
  readonly text: string;
  readonly parts: readonly TemplatePart[];
}

export type TemplatePart = string | Reference;

export type Reference =
  | { readonly kind: "bind"; readonly variable: BindVariable }
  /** Name that no bind declares, or that several do. An operation that needs it cannot be prepared. */
  | UndeclaredName
  /** Value of a parameter that the file fixes; `undefined` for one that is always absent. */
  | { readonly kind: "constant"; readonly value: unknown }
  | { readonly kind: "template"; readonly template: Template }
  /** Value from the caller: the input called `name`, then its members. */
  | { readonly kind: "input"; readonly name: string; readonly members: readonly string[] };

/** Location of a parameter in a request. */
export type ParameterIn = Exclude<ConsumedInputParameter["in"], "environment">;

/** One consumed input parameter, after the three levels are merged (language chapter 5.3). */
export interface Parameter {
  readonly name: string;
  readonly in: ParameterIn;
  readonly type: InputType;
  readonly source: ParameterSource;
  readonly required: boolean;
  /** How arrays and objects are written, if the file says so. */
  readonly style?: ParameterStyle;
  readonly pointer: string;
  /** Place of the overlay that adds it. */
  readonly origin?: OverlayOrigin;
}

/** Parameter outside the path, in which a placeholder is the place of a parameter. */
export interface PlacedParameter extends Parameter {
  readonly in: Exclude<ParameterIn, "path">;
}

export type ParameterSource =
  | { readonly kind: "input"; readonly key: string }
  /** Literal of the file. */
  | { readonly kind: "constant"; readonly value: string | number | boolean }
  | { readonly kind: "template"; readonly template: Template };

/** Value that a caller of an operation may give. */
export interface Input {
  /** Name that the caller writes: the name, or `location:name` if two locations share the name. */
  readonly key: string;
  readonly name: string;
  /** Location in the request. `baseUri`: in the base URI; `template`: only in templates of the file. */
  readonly in: ParameterIn | "baseUri" | "template";
  readonly type: InputType;
  readonly required: boolean;
  readonly description?: string;
  readonly pointer: string;
  /** Used if the caller gives no value. */
  readonly default?: InputDefault;
  /** Type of the items of an array, if the file says so. */
  readonly itemType?: InputType;
  /** Schemas that the value has to keep to, if the file has some. */
  readonly schemas?: readonly Schema[];
  /**
   * Present for a placeholder that is written as a variable, and that nothing declares: the variables of the file, the
   * nearest of which is suggested.
   */
  readonly undeclaredAmong?: readonly BindVariable[];
}

/** Value for an input that the caller leaves out: of the file, or of an overlay that replaces it. */
export interface InputDefault {
  readonly value: unknown;
  /** Place in an overlay. `undefined` for a value of the file. */
  readonly origin: OverlayOrigin | undefined;
  /** Value with its templates in place; one of the file has none. */
  readonly content: BodyNode;
}

/** Declared request body (language chapter 5.6). Without one, body parameters make the body. */
export interface DeclaredBody {
  readonly type: TypedRequestBody["type"];
  readonly content: BodyNode;
  /** JSON template as plain text, sent if a header declares another type than JSON. */
  readonly text?: BodyNode;
  readonly pointer: string;
}

/** Body with its templates in place. */
export type BodyNode =
  | { readonly kind: "constant"; readonly value: unknown }
  /**
   * Text: every placeholder becomes text. `quoted` is present for text that becomes JSON when its placeholders are
   * filled: it tells for each part whether it stands inside a string.
   */
  | { readonly kind: "text"; readonly template: Template; readonly quoted?: readonly boolean[] }
  /** Single placeholder that keeps the type of its value. */
  | { readonly kind: "value"; readonly template: Template }
  | { readonly kind: "array"; readonly items: readonly BodyNode[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [name: Template, value: BodyNode])[] };

/** One named output (language chapter 5.9). */
export interface Output {
  readonly name: string;
  readonly type: string;
  readonly path: JsonPath;
  readonly pointer: string;
  /** Place of the overlay that adds or renames it. */
  readonly origin?: OverlayOrigin;
}

/** Consumed operation: everything that a call needs but the caller's inputs and the values of binds. */
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
  readonly label: string | undefined;
  readonly description: string | undefined;
  /** Its own, and those of its resource. */
  readonly tags: readonly string[];
  /** Path without `?` and `#`: literal text, and the path parameters in their places. */
  readonly pathParts: readonly (string | Parameter)[];
  /** Part of the path behind the `?`, in the same form. Empty without one. */
  readonly queryParts: readonly (string | Parameter)[];
  /** Values for the placeholders of the file's base URI, by name. */
  readonly baseUriSources: ReadonlyMap<string, ParameterSource>;
  /** Parameters outside the path, in the order adapter, resource, operation. */
  readonly parameters: readonly PlacedParameter[];
  readonly body: DeclaredBody | undefined;
  /** By {@link Input.key}, in the order of the file, implied ones last. */
  readonly inputs: ReadonlyMap<string, Input>;
  /** `outputRawFormat` in lower case. */
  readonly rawFormat: string;
  /** As written: a path, a CSS selector or a heading, by raw format. */
  readonly outputSchema: string | undefined;
  /** Media type of binary answers, if the file has one. */
  readonly mediaType?: string | undefined;
  /** JSON Schema of the decoded answer, if the file has one, with the named schemas that it refers to. */
  readonly answerSchema?: unknown;
  /** Absent if the operation declares none: the decoded body is the result. */
  readonly outputs: readonly Output[] | undefined;
  readonly pointer: string;
  /** Further names from an overlay. */
  readonly aliases: readonly Setting<string>[];
  /** Settings of overlays for sending its requests. */
  readonly sending: SendingSettings;
  /** Setting of an overlay for lists in pages. */
  readonly pagination: Setting<Pagination> | undefined;
}
