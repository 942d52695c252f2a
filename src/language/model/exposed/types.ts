import type { Schema } from "../../../base/json-schema/schema-document.ts";
import type { ExposedInputParameter, ExposesAuthentication } from "../../document/document-types.ts";
import type { InputType } from "../../document/input-schema.ts";
import type { JsonPath, JsonPathFilter } from "../../expression/json-path-steps.ts";
import type { Adapter, BodyNode, Operation, Template } from "../types.ts";

/** What a capability offers besides its consumed operations (language chapters 7 to 9): compiled, nothing resolved yet. */
export interface ExposedModel {
  /** In the order of the file. */
  readonly adapters: readonly ExposedAdapter[];
  /** Functions of aggregates, by `aggregate.function`. */
  readonly functions: ReadonlyMap<string, Unit>;
}

export type ExposedAdapter = RestAdapter | McpAdapter | SkillAdapter | ControlAdapter;

interface ListeningAdapter {
  /** Host or IP address to listen on. Absent: loopback. */
  readonly address: string | undefined;
  readonly description: string | undefined;
  readonly authentication: InboundAuthentication | undefined;
  readonly pointer: string;
}

/** A server of HTTP routes (language chapter 7.2). */
export interface RestAdapter extends ListeningAdapter {
  readonly type: "rest";
  readonly namespace: string;
  readonly port: number;
  readonly resources: readonly RestResource[];
}

/** A route, with operations, or a consumed API that takes what they do not. */
export interface RestResource {
  readonly name: string | undefined;
  readonly label: string | undefined;
  readonly description: string | undefined;
  /** As written. */
  readonly path: string;
  /** Literal text, and placeholders. One named `path` matches the rest of the URL. */
  readonly segments: readonly (string | { readonly placeholder: string })[];
  readonly operations: readonly RestOperation[];
  readonly forward: Forward | undefined;
  readonly pointer: string;
}

export interface RestOperation extends Unit {
  readonly kind: "operation";
  readonly method: string;
}

/** Requests that are passed on as they are. */
export interface Forward {
  readonly adapter: Adapter;
  /** In lower case. */
  readonly trustedHeaders: readonly string[];
  readonly pointer: string;
}

/** A server of tools for agents (language chapter 7.3). */
export interface McpAdapter extends ListeningAdapter {
  readonly type: "mcp";
  readonly namespace: string;
  readonly transport: "http" | "stdio";
  /** Absent with `stdio`. */
  readonly port: number | undefined;
  readonly tools: readonly Unit[];
  readonly resources: readonly McpResource[];
  readonly prompts: readonly Prompt[];
}

/** Something that agents can read. */
export interface McpResource {
  readonly name: string;
  readonly label: string | undefined;
  readonly description: string | undefined;
  /** As written. With placeholders it is that of a template. */
  readonly uri: string;
  /** Literal text, and placeholders, each for one segment. */
  readonly segments: readonly (string | { readonly placeholder: string })[];
  readonly mimeType: string | undefined;
  readonly content: /** Its inputs are the placeholders. */
    | { readonly kind: "unit"; readonly unit: Unit }
    /** Every file below a folder, as `uri` and its path. */
    | ({ readonly kind: "folder" } & FileLocation);
  readonly pointer: string;
}

/** A text for agents. `{{name}}` in it stands for an argument. */
export interface Prompt {
  readonly name: string;
  readonly label: string | undefined;
  readonly description: string | undefined;
  readonly arguments: readonly PromptArgument[];
  readonly content:
    | { readonly kind: "messages"; readonly messages: readonly PromptMessage[] }
    /** One message of the user. */
    | ({ readonly kind: "file" } & FileLocation);
  readonly pointer: string;
}

interface PromptArgument {
  readonly name: string;
  readonly label: string | undefined;
  readonly description: string | undefined;
  readonly required: boolean;
}

interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
}

interface FileLocation {
  /** `file:` URL, as written. */
  readonly location: string;
  /** Folder of the file that declares it, where a relative location starts. `undefined`: it is no file. */
  readonly directory: string | undefined;
}

/** A catalogue of skills (language chapter 7.4). */
export interface SkillAdapter extends ListeningAdapter {
  readonly type: "skill";
  readonly namespace: string;
  readonly port: number;
  readonly skills: readonly Skill[];
}

/** Something that an agent can learn to do. Members that the file does not say are `undefined`. */
export interface Skill {
  readonly name: string;
  /** The name where the file has none. */
  readonly description: string;
  readonly license: string | undefined;
  readonly compatibility: string | undefined;
  readonly metadata: ReadonlyMap<string, string>;
  readonly allowedTools: string | undefined;
  readonly argumentHint: string | undefined;
  readonly isUserInvocable: boolean | undefined;
  readonly isModelInvocationDisabled: boolean | undefined;
  /** Folder with its files. */
  readonly folder: FileLocation | undefined;
  readonly tools: readonly SkillTool[];
  readonly pointer: string;
}

/** A tool that a skill tells of. */
export type SkillTool = { readonly name: string; readonly description: string } & (
  | {
      readonly kind: "derived";
      /** Namespace of a REST or MCP adapter, and the name of its operation or tool. */
      readonly namespace: string;
      readonly action: string;
    }
  /** Path of a file of the skill's folder. */
  | { readonly kind: "instruction"; readonly file: string }
);

/** Health, metrics, traces and settings of what runs (language chapter 7.5). */
export interface ControlAdapter extends ListeningAdapter {
  readonly type: "control";
  readonly port: number;
  readonly management: ManagementSettings;
  readonly observability: ObservabilitySettings;
}

/** `management` of a control adapter, with its defaults. */
export interface ManagementSettings {
  readonly health: boolean;
  readonly info: boolean;
  readonly reload: boolean;
  readonly validate: boolean;
  /** `undefined`: off. */
  readonly logs:
    | { readonly levelControl: boolean; readonly stream: boolean; readonly maxSubscribers: number }
    | undefined;
  /** `undefined` without the section: scripts then run with the defaults, and `/scripting` is off. */
  readonly scripting: ScriptingSettings | undefined;
}

/** `management.scripting`, with its defaults. */
export interface ScriptingSettings {
  /** `undefined` where the file does not say it. */
  readonly enabled: boolean | undefined;
  readonly defaultLocation: string | undefined;
  readonly defaultLanguage: string | undefined;
  readonly timeoutMs: number;
  readonly statementLimit: number;
  readonly allowedLanguages: readonly string[] | undefined;
}

/** `observability` of a control adapter, with its defaults. */
export interface ObservabilitySettings {
  readonly enabled: boolean;
  readonly metrics: boolean;
  readonly sampling: number;
  readonly propagation: "w3c" | "b3";
  /** Size of the buffer of traces; `undefined`: none is kept. */
  readonly traceBuffer: number | undefined;
  readonly otlpEndpoint: Template | undefined;
}

/** What callers of an adapter have to present (language chapter 7.6). */
export interface InboundAuthentication {
  readonly type: ExposesAuthentication["type"];
  /** Name of the header or query parameter of an API key, and where it is looked for. */
  readonly key: string | undefined;
  readonly placement: "header" | "query";
  /** `token`, `username`, `password`, `value`, and the texts of `oauth2` by name; only variables stand in them. */
  readonly fields: ReadonlyMap<string, Template>;
  readonly scopes: readonly string[];
  readonly tokenValidation: "jwks" | "introspection";
  readonly pointer: string;
}

/** Something that can be called: a REST operation, a tool, a dynamic resource or a function of an aggregate. */
export interface Unit {
  readonly kind: "operation" | "tool" | "resource" | "function";
  /** Namespace of the adapter or aggregate. */
  readonly namespace: string;
  readonly name: string;
  /** `namespace.name`. */
  readonly reference: string;
  readonly label: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  /** Declared ones, or those that follow from the call (language chapter 7.8); by name. */
  readonly inputs: ReadonlyMap<string, UnitInput>;
  readonly work: UnitWork;
  /** `undefined`: none are declared. */
  readonly outputs: readonly Shape[] | undefined;
  /** Stated and derived hints (language chapter 9), for agents. */
  readonly hints: UnitHints;
  readonly pointer: string;
}

export interface UnitHints {
  readonly readOnly?: boolean;
  readonly destructive?: boolean;
  readonly idempotent?: boolean;
  readonly openWorld?: boolean;
}

/** Value that a caller of a unit may give. */
export interface UnitInput {
  readonly name: string;
  readonly type: InputType;
  readonly required: boolean;
  readonly description: string | undefined;
  /** Where a REST operation reads it. `undefined` for other units. */
  readonly in: ExposedInputParameter["in"] | undefined;
  /** Name of the placeholder of the route, for `in: path`. */
  readonly placeholder: string | undefined;
  /** Type of the items of an array, if the file says so. */
  readonly itemType: InputType | undefined;
  /** Schemas that the value has to keep to: `pattern` and what the consumed parameter declares. */
  readonly schemas: readonly Schema[];
  /** Replaces the value of the caller. */
  readonly constant: string | number | boolean | undefined;
  /** Path into the body of the request, which gives the value. */
  readonly bodyPath: JsonPath | undefined;
  readonly pointer: string;
}

/** What a unit does. */
export type UnitWork =
  | { readonly kind: "call"; readonly operation: Operation; readonly with: readonly WithEntry[] }
  | {
      readonly kind: "steps";
      readonly with: readonly WithEntry[];
      readonly steps: readonly Step[];
      readonly mappings: readonly Mapping[];
    }
  /** `ref`: `with` is evaluated first, and gives the function all its inputs (language chapter 9). */
  | { readonly kind: "function"; readonly target: Unit; readonly with: readonly WithEntry[] }
  /** Answers with the `value`s of its outputs. */
  | { readonly kind: "mock" };

/**
 * Value that is given to a name. Those of a call are complete, by the key of the operation's input: where `with` does not
 * say it, an input of the unit or a step of the same name gives the value, and nothing else does.
 */
export interface WithEntry {
  readonly name: string;
  readonly value: ScopeValue;
  readonly pointer: string;
}

/** A value that is taken from what a step or call can see: inputs, and outputs of earlier steps. */
export type ScopeValue =
  /** A literal, or templates. References of kind `input` name an input or an earlier step. */
  | BodyNode
  /** `namespace.input`: the input with its type; absent if it is. */
  | { readonly kind: "input"; readonly name: string }
  | StepPath;

/** A JSONPath over outputs of steps (language chapter 6.5). */
export interface StepPath {
  readonly kind: "path";
  /** The step that `path` starts at. `undefined`: the map of the outputs of all steps. */
  readonly step: string | undefined;
  readonly path: JsonPath;
}

export type Step = CallStep | LookupStep | ScriptStep;

interface StepBase {
  readonly name: string;
  /** Names of the earlier steps that it refers to. It can begin when they have ended. */
  readonly uses: readonly string[];
  /** `x-if`: a filter over `{ ...inputs, ...outputs of steps }`. A step that is left out has the output `null`. */
  readonly condition: JsonPathFilter | undefined;
  readonly forEach: ForEach | undefined;
  readonly retry: StepRetry | undefined;
  /** `x-timeout`, in milliseconds. */
  readonly timeoutMs: number | undefined;
  /** `x-continueOnError`: a failure gives the output `null`, and an incomplete result. */
  readonly continueOnError: boolean;
  readonly pointer: string;
}

/** `x-forEach`: the step is done for each item; its output is the list of theirs, in the order of the items. */
export interface ForEach {
  readonly items: ScopeValue;
  /** Name of the item in the scope of the step. */
  readonly as: string;
  readonly concurrency: number;
  /** More items than these fail the step. */
  readonly maximum: number;
}

/** `x-retry` */
export interface StepRetry {
  /** In all, with the first. */
  readonly attempts: number;
  readonly delayMs: number;
}

/** Language chapter 8.2. */
export interface CallStep extends StepBase {
  readonly type: "call";
  readonly operation: Operation;
  readonly with: readonly WithEntry[];
}

/** Language chapter 8.3. */
export interface LookupStep extends StepBase {
  readonly type: "lookup";
  /** The step whose output is searched. */
  readonly index: string;
  readonly match: string;
  readonly value: ScopeValue;
  readonly fields: readonly string[];
}

/** Language chapter 8.4. The limits are those of the settings, which `PUT /scripting` may change. */
export interface ScriptStep extends StepBase {
  readonly type: "script";
  /** `undefined`: the `defaultLanguage` of the settings. */
  readonly language: string | undefined;
  /** `file:` URL of the folder of the scripts, as written. `undefined`: the `defaultLocation` of the settings. */
  readonly location: string | undefined;
  /** Folder of the file that declares the step, where a relative location starts. `undefined`: it is no file. */
  readonly directory: string | undefined;
  readonly file: string;
  readonly dependencies: readonly string[];
  readonly with: readonly WithEntry[];
}

/** One member of the result of steps (language chapter 8.5). */
export interface Mapping {
  /** Members that nest. */
  readonly target: readonly string[];
  readonly value: StepPath;
  readonly pointer: string;
}

/** Shape of an output of a unit (language chapter 7.7). */
export interface Shape {
  readonly name: string | undefined;
  /** `any` where the file does not say it. */
  readonly type: string;
  /** Where its value comes from. Absent: from what encloses it. */
  readonly source:
    | { readonly kind: "value"; readonly content: BodyNode }
    | { readonly kind: "path"; readonly path: JsonPath }
    | undefined;
  readonly properties: ReadonlyMap<string, Shape> | undefined;
  readonly items: Shape | undefined;
  /** Shape of every member of an object. */
  readonly values: Shape | undefined;
  /** Longest text; the rest is cut. */
  readonly maxLength: number | undefined;
  readonly pointer: string;
}
