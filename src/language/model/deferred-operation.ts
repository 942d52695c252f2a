import { declaredTags } from "../document/declared-tags.ts";
import type { ConsumesHttp, OperationDeclaration, Resource } from "../document/document-types.ts";
import { namedSchemas } from "../document/named-schemas.ts";
import { operationPath } from "../document/operation-path.ts";
import type { Pagination } from "../overlays/pagination.ts";
import type { SendingSettings, Setting } from "../overlays/resolved-overlay.ts";
import type { Adapter, DeclaredBody, Input, Operation, Output, Parameter, ParameterSource } from "./types.ts";

/** Part of an operation that is needed to call or describe it. */
export interface OperationDetails {
  readonly pathParts: readonly (string | Parameter)[];
  readonly queryParts: readonly (string | Parameter)[];
  readonly baseUriSources: ReadonlyMap<string, ParameterSource>;
  readonly parameters: Operation["parameters"];
  readonly body: DeclaredBody | undefined;
  readonly inputs: ReadonlyMap<string, Input>;
  readonly outputs: readonly Output[] | undefined;
}

/** A type that a header can hold. */
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+(?:\s*;[ -~]*)?$/;

interface OperationHead {
  readonly adapter: Adapter;
  /** Of the adapter. */
  readonly declaration: ConsumesHttp;
  readonly resource: Resource;
  readonly operation: OperationDeclaration;
  readonly pointer: string;
}

/**
 * Operation that compiles its details once, on first use: a file has hundreds of operations, of which a program calls a
 * few. Compiling cannot fail, as validation has found every error before.
 */
export class DeferredOperation implements Operation {
  readonly adapter: Adapter;
  readonly resource: string;
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Set when all operations of the capability are known. */
  reference = "";
  readonly label: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly rawFormat: string;
  readonly outputSchema: string | undefined;
  readonly mediaType: string | undefined;
  readonly pointer: string;
  /** Set by an overlay, when all operations are known. */
  aliases: readonly Setting<string>[] = [];
  sending: SendingSettings = {};
  pagination: Setting<Pagination> | undefined;
  readonly #declaration: ConsumesHttp;
  readonly #answerSchema: unknown;
  readonly #compile: () => OperationDetails;
  #details: OperationDetails | undefined;

  constructor({ adapter, declaration, resource, operation, pointer }: OperationHead, compile: () => OperationDetails) {
    this.adapter = adapter;
    this.resource = resource.name;
    this.name = operation.name;
    this.method = operation.method ?? "GET";
    this.path = operationPath(resource, operation);
    this.label = operation.label;
    this.description = operation.description;
    this.tags = [...declaredTags(operation), ...declaredTags(resource)];
    this.rawFormat = (operation.outputRawFormat ?? "json").toLowerCase();
    // An empty text names nothing.
    this.outputSchema = operation.outputSchema?.trim() === "" ? undefined : operation.outputSchema;
    const type = operation.outputMediaType?.trim() ?? "";
    this.mediaType = MEDIA_TYPE.test(type) ? type : undefined;
    this.pointer = pointer;
    this.#declaration = declaration;
    this.#answerSchema = operation["x-schema"];
    this.#compile = compile;
  }

  /** Compiles the details, if they are not compiled yet. */
  compile(): OperationDetails {
    this.#details ??= this.#compile();
    return this.#details;
  }

  get answerSchema(): unknown {
    const named = namedSchemas(this.#declaration);
    return named === undefined ? this.#answerSchema : named.complete(this.#answerSchema);
  }

  get pathParts(): readonly (string | Parameter)[] {
    return this.compile().pathParts;
  }

  get queryParts(): readonly (string | Parameter)[] {
    return this.compile().queryParts;
  }

  get baseUriSources(): ReadonlyMap<string, ParameterSource> {
    return this.compile().baseUriSources;
  }

  get parameters(): Operation["parameters"] {
    return this.compile().parameters;
  }

  get body(): DeclaredBody | undefined {
    return this.compile().body;
  }

  get inputs(): ReadonlyMap<string, Input> {
    return this.compile().inputs;
  }

  get outputs(): readonly Output[] | undefined {
    return this.compile().outputs;
  }
}
