/**
 * Resolved document that has passed the JSON Schema. `schema/naftiko.schema.json` says what each field means.
 * `test/language/validation/schema.test.ts` proves that the two agree. It reads this file line by line: one field or
 * one alias to a line. Unknown keys are allowed in every object.
 */
export interface CapabilityDocument {
  readonly naftiko: string | number;
  readonly info?: Info;
  readonly binds?: readonly Bind[];
  readonly imports?: readonly string[];
  readonly consumes?: readonly Consumes[];
  readonly exposes?: readonly unknown[];
  readonly aggregates?: readonly unknown[];
  /** Absent in a shared file, which then has one of the sections above, or `binds`. */
  readonly capability?: CapabilityDeclaration;
}

/** Name, dates and people of the capability. It has no effect on a run. */
export interface Info {
  readonly label?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly version?: string | number;
  readonly created?: string | number;
  readonly modified?: string | number;
  readonly stakeholders?: readonly Person[];
}

/** A stakeholder. */
interface Person {
  readonly role?: string;
  readonly fullName?: string;
  readonly email?: string;
}

/** Variables and where their values come from. */
export interface Bind {
  readonly namespace: string;
  /** URI of the provider. Absent for the process environment. */
  readonly location?: string;
  readonly description?: string;
  /** Variable name to the key that holds its value at the provider. */
  readonly keys: Readonly<Record<string, string>>;
}

/** The `capability` of a document. With `imports` or a root `consumes` it may lack both `consumes` and `exposes`. */
export interface CapabilityDeclaration {
  readonly description?: string;
  readonly binds?: readonly Bind[];
  readonly consumes?: readonly Consumes[];
  readonly aggregates?: readonly unknown[];
  readonly exposes?: readonly unknown[];
}

/** An entry of `consumes`. It is an import if it has `import`, `location` or `from`. */
type Consumes = ConsumesImport | ConsumesHttp;

/** Takes an adapter from another file. */
export interface ConsumesImport {
  /** Present unless `from` is. */
  readonly location?: string;
  readonly from?: string;
  readonly import: string;
  readonly as?: string;
  readonly description?: string;
}

/** An HTTP API to call. */
export interface ConsumesHttp {
  readonly type: "http";
  readonly namespace: string;
  readonly description?: string;
  /** Empty if the caller has to supply it. */
  readonly baseUri: string;
  readonly authentication?: AuthenticationDeclaration;
  readonly inputParameters?: readonly ConsumedInputParameter[];
  readonly resources?: readonly Resource[];
  /** JSON Schemas by name, which each `x-schema` of the adapter refers to as `#/$defs/Name`. A rule checks them. */
  readonly "x-schemas"?: unknown;
}

/** Credential of a consumed API. A rule of its own checks the fields that a `type` needs. */
export interface AuthenticationDeclaration {
  readonly type: "basic" | "bearer" | "apikey" | "digest" | "oauth2" | "mtls" | "aws-sigv4";
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly key?: string;
  readonly value?: string;
  readonly placement?: "header" | "query";
  /** Way to an OAuth 2 token. Absent: `refresh_token` if there is one, otherwise `client_credentials`. */
  readonly grant?: "client_credentials" | "refresh_token" | "authorization_code" | "device_code";
  /** The issuer, whose metadata tells the endpoints. */
  readonly authorizationServerUri?: string;
  /** In place of, or besides, the issuer's metadata. */
  readonly tokenEndpoint?: string;
  readonly authorizationEndpoint?: string;
  readonly deviceAuthorizationEndpoint?: string;
  readonly clientId?: string;
  /** Absent for a public client. */
  readonly clientSecret?: string;
  /** How the secret is sent: in the header `Authorization`, the default, or in the body. */
  readonly clientAuthentication?: "basic" | "post";
  readonly refreshToken?: string;
  readonly scopes?: readonly string[];
  readonly audience?: string;
  readonly resource?: string;
  /** In PEM, as are `privateKey` and `certificateAuthority`. */
  readonly certificate?: string;
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly certificateAuthority?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  readonly region?: string;
  readonly service?: string;
}

/** A path of a consumed API. */
export interface Resource {
  readonly name: string;
  readonly label?: string;
  readonly description?: string;
  readonly path: string;
  readonly inputParameters?: readonly ConsumedInputParameter[];
  readonly operations: readonly OperationDeclaration[];
}

/** An operation of a consumed API. */
export interface OperationDeclaration {
  readonly name: string;
  readonly label?: string;
  readonly description?: string;
  readonly method: HttpMethod;
  /** Part behind the resource's path, or the whole path. */
  readonly path?: string;
  readonly inputParameters?: readonly ConsumedInputParameter[];
  readonly body?: BodyDeclaration;
  /** In any mix of upper and lower case; absent for `json`. */
  readonly outputRawFormat?: string;
  readonly outputSchema?: string;
  readonly outputParameters?: readonly ConsumedOutputParameter[];
  /** A JSON Schema of the decoded answer, for those who read about the operation. */
  readonly "x-schema"?: unknown;
}

/** The methods a request can have. */
type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";

/** An input of a consumed operation, or a constant it sends. */
export interface ConsumedInputParameter {
  readonly name: string;
  readonly in: "query" | "header" | "path" | "cookie" | "body" | "environment";
  readonly type?: DeclaredInputType;
  readonly description?: string;
  /** Absent: true for `in: path`, otherwise false. */
  readonly required?: boolean;
  /** A constant or template; the caller cannot override it. */
  readonly value?: Scalar;
  /** Old synonym of `value`, which wins. */
  readonly template?: Scalar;
  /** Sent if the caller gives no value: a literal of any type. */
  readonly default?: unknown;
  /** The values it may have. This and what follows has the meaning of JSON Schema; a rule of its own checks the forms. */
  readonly enum?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly exclusiveMinimum?: unknown;
  readonly exclusiveMaximum?: unknown;
  readonly multipleOf?: unknown;
  readonly minLength?: unknown;
  readonly maxLength?: unknown;
  readonly pattern?: unknown;
  readonly minItems?: unknown;
  readonly maxItems?: unknown;
  readonly uniqueItems?: unknown;
  readonly items?: unknown;
  readonly format?: unknown;
  /** A JSON Schema of the value. */
  readonly "x-schema"?: unknown;
  /** How arrays and objects are written, as OpenAPI's `style` says. A rule of its own checks it. */
  readonly "x-style"?: string;
  /** Whether their items and members stand apart, as OpenAPI's `explode` says. */
  readonly "x-explode"?: boolean;
}

/** The types an input can have. */
type DeclaredInputType = "string" | "number" | "integer" | "boolean" | "array" | "object";

/** The types an output can have. */
type OutputType = "string" | "number" | "integer" | "boolean" | "array" | "object" | "binary";

/** A value that is not a list or map; `null` counts as absent. */
type Scalar = string | number | boolean | null;

/** A request body: the text of a JSON template, or a kind with its data. */
export type BodyDeclaration = string | TypedRequestBody;

/** A request body of a stated kind. */
export interface TypedRequestBody {
  readonly type: "json" | "text" | "xml" | "sparql" | "formUrlEncoded" | "multipartForm";
  /** Text for `text`, `xml`, `sparql`; a map or text for `formUrlEncoded`; a list of parts for `multipartForm`. */
  readonly data: unknown;
}

/** A named result of a consumed operation. One of `value` and `mapping` is present. */
export interface ConsumedOutputParameter {
  readonly name: string;
  readonly type?: OutputType;
  readonly description?: string;
  readonly value?: string;
  readonly mapping?: string;
}
