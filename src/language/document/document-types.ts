/**
 * A resolved document that has passed the JSON Schema. `schema/naftiko.schema.json` says what each
 * field means; `test/validation/schema.test.ts` proves that the two agree, and reads this file line by line: one field
 * or one alias to a line. Unknown keys are allowed in every object.
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

/** What the capability is called, when it was written and by whom. Has no effect on a run. */
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
export interface Person {
  readonly role?: string;
  readonly fullName?: string;
  readonly email?: string;
}

/** Variables and where their values come from. */
export interface Bind {
  readonly namespace: string;
  /** URI of the provider; absent for the process environment. */
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
export type Consumes = ConsumesImport | ConsumesHttp;

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
  /** Empty where whoever runs the file has to supply it. */
  readonly baseUri: string;
  readonly authentication?: Authentication;
  readonly inputParameters?: readonly ConsumedInputParameter[];
  readonly resources?: readonly Resource[];
}

/** The credential of a consumed API. Which fields a `type` needs is checked by a rule of its own. */
export interface Authentication {
  readonly type: "basic" | "bearer" | "apikey" | "digest" | "oauth2" | "mtls" | "aws-sigv4";
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly key?: string;
  readonly value?: string;
  readonly placement?: "header" | "query";
  /** How an OAuth 2 token is got. Absent: `refresh_token` where there is one, otherwise `client_credentials`. */
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
  /** Behind the resource's path, or the whole path. */
  readonly path?: string;
  readonly inputParameters?: readonly ConsumedInputParameter[];
  readonly body?: RequestBody;
  /** In any mix of upper and lower case; absent for `json`. */
  readonly outputRawFormat?: string;
  readonly outputSchema?: string;
  readonly outputParameters?: readonly ConsumedOutputParameter[];
}

/** The methods a request can have. */
export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";

/** An input of a consumed operation, or a constant it sends. */
export interface ConsumedInputParameter {
  readonly name: string;
  readonly in: "query" | "header" | "path" | "cookie" | "body" | "environment";
  readonly type?: InputType;
  readonly description?: string;
  /** Absent: true for `in: path`, otherwise false. */
  readonly required?: boolean;
  /** A constant or template; the caller cannot override it. */
  readonly value?: Scalar;
  /** Old synonym of `value`, which wins. */
  readonly template?: Scalar;
}

/** The types an input can have. */
export type InputType = "string" | "number" | "integer" | "boolean" | "array" | "object";

/** The types an output can have. */
export type OutputType = "string" | "number" | "integer" | "boolean" | "array" | "object" | "binary";

/** A value that is not a list or map; `null` counts as absent. */
export type Scalar = string | number | boolean | null;

/** A request body: the text of a JSON template, or a kind with its data. */
export type RequestBody = string | TypedRequestBody;

/** A request body of a stated kind. */
export interface TypedRequestBody {
  readonly type: "json" | "text" | "xml" | "sparql" | "formUrlEncoded" | "multipartForm";
  /** Text for `text`, `xml`, `sparql`; a map or text for `formUrlEncoded`; {@link MultipartPart}s for `multipartForm`. */
  readonly data: unknown;
}

/** A part of a `multipartForm` body. */
export interface MultipartPart {
  readonly name: string;
  readonly value: Scalar;
  readonly filename?: string;
  readonly contentType?: string;
}

/** A named result of a consumed operation. One of `value` and `mapping` is present. */
export interface ConsumedOutputParameter {
  readonly name: string;
  readonly type?: OutputType;
  readonly description?: string;
  readonly value?: string;
  readonly mapping?: string;
}

/** An adapter to serve. Entries of any other `type` pass the schema too: skip them before using this type. */
export type Exposes = ExposesRest | ExposesMcp | ExposesSkill | ExposesControl;

/** A REST server. */
export interface ExposesRest {
  readonly type: "rest";
  readonly namespace: string;
  readonly description?: string;
  readonly address?: string;
  readonly port: number;
  readonly authentication?: ExposesAuthentication;
  readonly resources?: readonly ExposedResource[];
}

/** What callers of an adapter have to present. */
export interface ExposesAuthentication {
  readonly type: "basic" | "bearer" | "apikey" | "digest" | "oauth2";
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly key?: string;
  readonly value?: string;
  readonly placement?: "header" | "query";
  /** Present for `oauth2`, as is `resource`. */
  readonly authorizationServerUri?: string;
  readonly resource?: string;
  readonly scopes?: readonly string[];
  readonly audience?: string;
  readonly tokenValidation?: "jwks" | "introspection";
  readonly tokenEndpoint?: string;
}

/** A route of a REST server. Has `operations`, `forward` or both. */
export interface ExposedResource {
  readonly path: string;
  readonly name?: string;
  readonly label?: string;
  readonly description?: string;
  readonly inputParameters?: readonly ExposedInputParameter[];
  readonly operations?: readonly ExposedOperation[];
  readonly forward?: Forward;
}

/** Relays requests to a consumed API. */
export interface Forward {
  readonly targetNamespace: string;
  readonly trustedHeaders?: readonly string[];
}

/** An operation of a REST server. */
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
  readonly type?: InputType;
  readonly description?: string;
  readonly required?: boolean;
  readonly pattern?: string;
  readonly value?: Scalar;
}

/** An input of an MCP tool or of an aggregate's function. */
export interface ToolInputParameter {
  readonly name: string;
  readonly type?: InputType;
  readonly description?: string;
  /** Absent: true. */
  readonly required?: boolean;
}

/** The shape of an answer, or of a part of it. */
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
}

/** The shape of array elements: one for all, or named members of an object. */
export type OutputItems = readonly OutputParameter[] | OutputParameter;

/** `properties` and `items` below `mapping` instead of beside it. */
export interface NestedMapping {
  readonly properties?: Readonly<Record<string, OutputParameter>>;
  readonly items?: OutputItems;
}

/** A step of an orchestration. */
export type Step = CallStep | LookupStep | ScriptStep;

/** Runs a consumed operation. */
export interface CallStep {
  readonly type: "call";
  readonly name: string;
  readonly call: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** Finds entries in an earlier step's output. */
export interface LookupStep {
  readonly type: "lookup";
  readonly name: string;
  readonly index: string;
  readonly match: string;
  readonly lookupValue: Scalar;
  readonly outputParameters: readonly string[];
}

/** Runs a script. */
export interface ScriptStep {
  readonly type: "script";
  readonly name: string;
  readonly language?: string;
  readonly location?: string;
  readonly file: string;
  readonly dependencies?: readonly string[];
  readonly with?: Readonly<Record<string, unknown>>;
}

/** A member of the answer and the step output it comes from. */
export interface Mapping {
  readonly targetName: string;
  readonly value: string;
}

/** An MCP server. */
export interface ExposesMcp {
  readonly type: "mcp";
  readonly namespace: string;
  readonly description?: string;
  readonly transport?: "http" | "stdio";
  readonly address?: string;
  /** Present unless `transport` is `stdio`. */
  readonly port?: number;
  readonly authentication?: ExposesAuthentication;
  readonly tools?: readonly McpTool[];
  readonly resources?: readonly McpResource[];
  readonly prompts?: readonly McpPrompt[];
}

/** An MCP tool. */
export interface McpTool {
  /** Present unless `ref` is. */
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

/** What a tool promises; becomes its MCP annotations. */
export interface McpHints {
  readonly readOnly?: boolean;
  readonly destructive?: boolean;
  readonly idempotent?: boolean;
  readonly openWorld?: boolean;
}

/** An MCP resource: dynamic by a call or steps, static by `location`. */
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

/** An MCP prompt. Has `template` or `location`. */
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
  /** Absent: true. */
  readonly required?: boolean;
}

/** A message of a prompt. */
export interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** A catalogue of skills. */
export interface ExposesSkill {
  readonly type: "skill";
  readonly namespace: string;
  readonly description?: string;
  readonly address?: string;
  readonly port: number;
  readonly authentication?: ExposesAuthentication;
  readonly skills: readonly Skill[];
}

/** A skill. */
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

/** A tool of a skill. Has `from` or `instruction`. */
export interface SkillTool {
  readonly name: string;
  readonly description?: string;
  readonly from?: SkillToolSource;
  readonly instruction?: string;
}

/** A tool or operation of a sibling adapter. `namespace` and `name` are synonyms of the first two. */
export interface SkillToolSource {
  readonly sourceNamespace?: string;
  readonly action?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Health, metrics, traces and settings of the engine. */
export interface ExposesControl {
  readonly type: "control";
  readonly description?: string;
  readonly address?: string;
  readonly port: number;
  readonly authentication?: ExposesAuthentication;
  readonly management?: Management;
  readonly observability?: Observability;
}

/** The management routes that are on. */
export interface Management {
  readonly health?: boolean;
  readonly info?: boolean;
  readonly reload?: boolean;
  readonly validate?: boolean;
  readonly logs?: boolean | Logs;
  readonly scripting?: Scripting;
}

/** What the log routes can do. */
export interface Logs {
  readonly "level-control"?: boolean;
  readonly stream?: boolean;
  readonly "max-subscribers"?: number;
}

/** Defaults and limits of script steps. */
export interface Scripting {
  readonly enabled?: boolean;
  readonly defaultLocation?: string;
  readonly defaultLanguage?: string;
  /** Milliseconds. */
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

/** Counters and durations. */
export interface Metrics {
  readonly local?: LocalMetrics;
}

/** Metrics served by the control adapter. */
export interface LocalMetrics {
  readonly enabled?: boolean;
}

/** Records of calls. */
export interface Traces {
  readonly sampling?: number;
  readonly propagation?: "w3c" | "b3";
  readonly local?: LocalTraces;
}

/** Traces kept by the control adapter. */
export interface LocalTraces {
  readonly enabled?: boolean;
  readonly "buffer-size"?: number;
}

/** Systems that metrics and traces are sent to. */
export interface Exporters {
  readonly otlp?: OtlpExporter;
}

/** An OpenTelemetry collector. */
export interface OtlpExporter {
  readonly endpoint: string;
}

/** A group of functions. */
export interface Aggregate {
  readonly label?: string;
  readonly description?: string;
  readonly namespace: string;
  readonly functions: readonly AggregateFunction[];
}

/** A function that operations and tools refer to. */
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

/** What a caller of a function may rely on. */
export interface Semantics {
  readonly safe?: boolean;
  readonly idempotent?: boolean;
  readonly cacheable?: boolean;
}
