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
  readonly exposes?: readonly Exposes[];
  readonly aggregates?: readonly Aggregate[];
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
  readonly aggregates?: readonly Aggregate[];
  readonly exposes?: readonly Exposes[];
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
  /** The way to the API in place of the open network (language chapter 12). Nothing is sent past it. */
  readonly tunnel?: unknown;
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
  /** Tags of its operations, which any file may have. */
  readonly tags?: unknown;
  readonly path: string;
  readonly inputParameters?: readonly ConsumedInputParameter[];
  readonly operations: readonly OperationDeclaration[];
}

/** An operation of a consumed API. */
export interface OperationDeclaration {
  readonly name: string;
  readonly label?: string;
  readonly description?: string;
  readonly tags?: unknown;
  readonly method: HttpMethod;
  /** Part behind the resource's path, or the whole path. */
  readonly path?: string;
  readonly inputParameters?: readonly ConsumedInputParameter[];
  readonly body?: BodyDeclaration;
  /** In any mix of upper and lower case; absent for `json`. */
  readonly outputRawFormat?: string;
  readonly outputSchema?: string;
  /** Media type of answers of the format `binary`, in place of the one that the API tells. */
  readonly outputMediaType?: string;
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

/** A server. Other types than these are left out with a warning. */
export type Exposes = ExposesRest | ExposesMcp | ExposesSkill | ExposesControl;

/** A server of HTTP routes (language chapter 7.2). */
export interface ExposesRest {
  readonly type: "rest";
  readonly namespace: string;
  readonly description?: string;
  readonly address?: string;
  readonly port: number;
  readonly authentication?: ExposesAuthentication;
  /** Inputs of every operation. Resources and operations replace those of the same name. */
  readonly inputParameters?: readonly ExposedInputParameter[];
  readonly resources?: readonly ExposedResource[];
}

/** Credential that callers of a server present. */
export interface ExposesAuthentication {
  readonly type: "basic" | "bearer" | "apikey" | "digest" | "oauth2";
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly key?: string;
  readonly value?: string;
  readonly placement?: "header" | "query";
  readonly authorizationServerUri?: string;
  readonly resource?: string;
  readonly scopes?: readonly string[];
  readonly audience?: string;
  readonly tokenValidation?: "jwks" | "introspection";
  readonly tokenEndpoint?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly introspectionEndpoint?: string;
}

/** A route of a REST server, with operations or a consumed API that takes what they do not. */
export interface ExposedResource {
  readonly path: string;
  readonly name?: string;
  readonly label?: string;
  readonly description?: string;
  readonly inputParameters?: readonly ExposedInputParameter[];
  readonly operations?: readonly ExposedOperation[];
  readonly forward?: Forward;
}

/** A consumed API that requests are passed on to. */
export interface Forward {
  readonly targetNamespace: string;
  readonly trustedHeaders?: readonly string[];
}

/** An operation of a REST server. It has one of `call`, `steps` and `ref`, or outputs with values. */
export interface ExposedOperation {
  readonly name?: string;
  readonly label?: string;
  readonly description?: string;
  readonly method: HttpMethod;
  readonly inputParameters?: readonly ExposedInputParameter[];
  readonly call?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
  readonly mappings?: readonly Mapping[];
  readonly ref?: string;
  readonly outputParameters?: readonly OutputParameter[];
}

/** An input of a REST operation. */
export interface ExposedInputParameter {
  readonly name: string;
  readonly in: "query" | "header" | "path" | "cookie" | "body";
  readonly type?: DeclaredInputType;
  readonly description?: string;
  readonly required?: boolean;
  readonly pattern?: string;
  readonly value?: Scalar;
}

/** An input of a tool or a function. It is required unless the file says otherwise. */
export interface ToolInputParameter {
  readonly name: string;
  readonly type?: DeclaredInputType;
  readonly description?: string;
  readonly required?: boolean;
}

/** Shape of an output. */
export interface OutputParameter {
  readonly name?: string;
  readonly label?: string;
  readonly description?: string;
  readonly type?: OutputType;
  readonly mapping?: string | NestedMapping;
  readonly value?: Scalar;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, OutputParameter>>;
  readonly items?: OutputItems;
  readonly maxLength?: number;
  readonly values?: OutputParameter;
}

/** Shape of the items of a list: one shape, or the fields of an object. */
type OutputItems = readonly OutputParameter[] | OutputParameter;

/** Parts of an output in the place of its path. */
export interface NestedMapping {
  readonly properties?: Readonly<Record<string, OutputParameter>>;
  readonly items?: OutputItems;
}

/** A step of an exposed unit. */
export type Step = CallStep | LookupStep | ScriptStep;

/** A step that calls a consumed operation. A rule of its own checks what begins with `x-`. */
export interface CallStep {
  readonly type: "call";
  readonly name: string;
  readonly call: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly "x-if"?: string;
  readonly "x-forEach"?: unknown;
  readonly "x-retry"?: unknown;
  readonly "x-timeout"?: unknown;
  readonly "x-continueOnError"?: boolean;
}

/** A step that finds entries in the output of an earlier one. */
export interface LookupStep {
  readonly type: "lookup";
  readonly name: string;
  readonly index: string;
  readonly match: string;
  readonly lookupValue: Scalar;
  readonly outputParameters: readonly string[];
  readonly "x-if"?: string;
  readonly "x-forEach"?: unknown;
  readonly "x-retry"?: unknown;
  readonly "x-timeout"?: unknown;
  readonly "x-continueOnError"?: boolean;
}

/** A step that runs a script. */
export interface ScriptStep {
  readonly type: "script";
  readonly name: string;
  readonly language?: string;
  readonly location?: string;
  readonly file: string;
  readonly dependencies?: readonly string[];
  readonly with?: Readonly<Record<string, unknown>>;
  readonly "x-if"?: string;
  readonly "x-forEach"?: unknown;
  readonly "x-retry"?: unknown;
  readonly "x-timeout"?: unknown;
  readonly "x-continueOnError"?: boolean;
}

/** A member of the result of steps. */
export interface Mapping {
  readonly targetName: string;
  readonly value: string;
}

/** A server of tools for agents (language chapter 7.3). */
export interface ExposesMcp {
  readonly type: "mcp";
  readonly namespace: string;
  readonly description?: string;
  readonly transport?: "http" | "stdio";
  readonly address?: string;
  readonly port?: number;
  readonly authentication?: ExposesAuthentication;
  readonly tools?: readonly McpTool[];
  readonly resources?: readonly McpResource[];
  readonly prompts?: readonly McpPrompt[];
}

/** A tool. It has one of `call`, `steps` and `ref`, or outputs with values. */
export interface McpTool {
  readonly name?: string;
  readonly label?: string;
  readonly description?: string;
  readonly hints?: McpHints;
  readonly inputParameters?: readonly ToolInputParameter[];
  readonly call?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
  readonly mappings?: readonly Mapping[];
  readonly ref?: string;
  readonly outputParameters?: readonly OutputParameter[];
}

/** What a tool does to the world. */
export interface McpHints {
  readonly readOnly?: boolean;
  readonly destructive?: boolean;
  readonly idempotent?: boolean;
  readonly openWorld?: boolean;
}

/** A resource for agents: a unit that runs, or files. */
export interface McpResource {
  readonly name: string;
  readonly uri: string;
  readonly label?: string;
  readonly description?: string;
  readonly mimeType?: string;
  readonly location?: string;
  readonly call?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
  readonly mappings?: readonly Mapping[];
  readonly outputParameters?: readonly OutputParameter[];
}

/** A prompt for agents. */
export interface McpPrompt {
  readonly name: string;
  readonly label?: string;
  readonly description?: string;
  readonly arguments?: readonly PromptArgument[];
  readonly template?: readonly PromptMessage[];
  readonly location?: string;
}

/** An argument of a prompt. */
export interface PromptArgument {
  readonly name: string;
  readonly label?: string;
  readonly description?: string;
  readonly required?: boolean;
}

/** A message of a prompt. */
export interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** A catalogue of skills (language chapter 7.4). */
export interface ExposesSkill {
  readonly type: "skill";
  readonly namespace: string;
  readonly description?: string;
  readonly address?: string;
  readonly port: number;
  readonly authentication?: ExposesAuthentication;
  readonly skills: readonly Skill[];
}

/** A skill of a catalogue. */
export interface Skill {
  readonly name: string;
  readonly description?: string;
  readonly license?: string;
  readonly compatibility?: string;
  readonly metadata?: Readonly<Record<string, Scalar>>;
  readonly "allowed-tools"?: string;
  readonly "argument-hint"?: string;
  readonly "user-invocable"?: boolean;
  readonly "disable-model-invocation"?: boolean;
  readonly location?: string;
  readonly tools?: readonly SkillTool[];
}

/** A tool of a skill. */
export interface SkillTool {
  readonly name: string;
  readonly description?: string;
  readonly from?: SkillToolSource;
  readonly instruction?: string;
}

/** The unit of another server that a skill names. `namespace` and `name` are synonyms. */
export interface SkillToolSource {
  readonly sourceNamespace?: string;
  readonly action?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** A server about what runs (language chapter 7.5). */
export interface ExposesControl {
  readonly type: "control";
  readonly description?: string;
  readonly address?: string;
  readonly port: number;
  readonly authentication?: ExposesAuthentication;
  readonly management?: Management;
  readonly observability?: Observability;
}

/** What the control server tells and does. */
export interface Management {
  readonly health?: boolean;
  readonly info?: boolean;
  readonly reload?: boolean;
  readonly validate?: boolean;
  readonly logs?: boolean | Logs;
  readonly scripting?: Scripting;
}

/** What the control server does with logs. */
export interface Logs {
  readonly "level-control"?: boolean;
  readonly stream?: boolean;
  readonly "max-subscribers"?: number;
}

/** Settings of script steps. */
export interface Scripting {
  readonly enabled?: boolean;
  readonly defaultLocation?: string;
  readonly defaultLanguage?: string;
  readonly timeout?: number;
  readonly statementLimit?: number;
  readonly allowedLanguages?: readonly string[];
}

/** Metrics and traces. */
export interface Observability {
  readonly enabled?: boolean;
  readonly metrics?: Metrics;
  readonly traces?: Traces;
  readonly exporters?: Exporters;
}

/** Where metrics go. */
export interface Metrics {
  readonly local?: LocalMetrics;
}

/** Metrics of the control server itself. */
export interface LocalMetrics {
  readonly enabled?: boolean;
}

/** Traces of requests. */
export interface Traces {
  readonly sampling?: number;
  readonly propagation?: "w3c" | "b3";
  readonly local?: LocalTraces;
}

/** Traces of the control server itself. */
export interface LocalTraces {
  readonly enabled?: boolean;
  readonly "buffer-size"?: number;
}

/** Where telemetry is sent. */
export interface Exporters {
  readonly otlp?: OtlpExporter;
}

/** A collector of OpenTelemetry. */
export interface OtlpExporter {
  readonly endpoint: string;
}

/** Functions that units share (language chapter 9). */
export interface Aggregate {
  readonly label?: string;
  readonly description?: string;
  readonly namespace: string;
  readonly functions: readonly AggregateFunction[];
}

/** A function of an aggregate. It has one of `call` and `steps`, or outputs with values. */
export interface AggregateFunction {
  readonly name: string;
  readonly label?: string;
  readonly description?: string;
  readonly semantics?: Semantics;
  readonly inputParameters?: readonly ToolInputParameter[];
  readonly call?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
  readonly mappings?: readonly Mapping[];
  readonly outputParameters?: readonly OutputParameter[];
}

/** What a function does to the world. */
export interface Semantics {
  readonly safe?: boolean;
  readonly idempotent?: boolean;
  readonly cacheable?: boolean;
}
