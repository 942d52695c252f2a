import path from "node:path";
import { member } from "../../base/json-object.ts";
import { consumedAdapters } from "../document/consumed.ts";
import type {
  AuthenticationDeclaration,
  CapabilityDocument,
  ConsumedInputParameter,
  ConsumedOutputParameter,
  ConsumesHttp,
  Info,
  OperationDeclaration,
  Resource,
} from "../document/document-types.ts";
import { inputType } from "../document/input-schema.ts";
import type { CredentialPlace, Kinds } from "../document/kinds.ts";
import { namedSchemas } from "../document/named-schemas.ts";
import { operationPath } from "../document/operation-path.ts";
import type { Origins } from "../document/origins.ts";
import { parameterStyle } from "../document/parameter-style.ts";
import { parseWrittenPath } from "../expression/json-path.ts";
import { isTransportHeader } from "../expression/transport-header.ts";
import type { AppliedOverlay } from "./applied-overlay.ts";
import { BindScope } from "./bind-scope.ts";
import { compileAuthentication, IMPLIED, impliedAuthentication } from "./compile-authentication.ts";
import { baseUriInputs, compileBaseUri, throughTunnel } from "./compile-base-uri.ts";
import { compileBody } from "./compile-body.ts";
import { impliedByPath, parsePath, placeParameters } from "./compile-path.ts";
import { compileTemplate, type TemplateContext } from "./compile-template.ts";
import { DeferredOperation, type OperationDetails } from "./deferred-operation.ts";
import { fixedValue, fixedValues } from "./fixed-values.ts";
import { InputCollector } from "./input-collector.ts";
import { assignReferences } from "./references.ts";
import type {
  Adapter,
  Authentication,
  CapabilityInfo,
  CapabilityModel,
  Output,
  Parameter,
  ParameterIn,
  ParameterSource,
  PlacedParameter,
} from "./types.ts";

export interface CompileOptions {
  readonly kinds: Kinds;
  /** Base URI per namespace; `"*"` is for every other one. */
  readonly baseUris?: ReadonlyMap<string, string>;
  /** Declarations that replace the file's, by namespace; `"none"` for no credential. */
  readonly authentication?: "none" | Readonly<Record<string, AuthenticationDeclaration>> | undefined;
  /** Whether a credential may be implied if the file declares none (language chapter 5.7). */
  readonly impliedAuthentication: boolean;
  /** Places of the parts of the document. Absent if it is all in one file. */
  readonly origins?: Origins;
  /** Laid over the document, below the options above. */
  readonly overlay?: AppliedOverlay | undefined;
  /**
   * Whether an operation may be compiled on first use. Off if a program holds the document, which it may change
   * meanwhile.
   *
   * @default false
   */
  readonly deferred?: boolean;
}

/**
 * Compiles a valid document. Nothing is looked up outside the document.
 *
 * @param name the capability's name in messages
 * @param document a document without errors of `validate`
 */
export function compile(name: string, document: CapabilityDocument, options: CompileOptions): CapabilityModel {
  const { overlay } = options;
  const scope = new BindScope(document, options.origins, overlay?.binds);
  const adapters: Adapter[] = [];
  const drafts: DeferredOperation[] = [];
  const declared = [...consumedAdapters(document)];
  overlay?.begin(
    scope,
    declared.map(({ adapter }) => adapter.namespace),
  );

  for (const { adapter: declaration, pointer } of declared) {
    const { namespace } = declaration;
    const override = options.baseUris?.get(namespace) ?? options.baseUris?.get("*");
    const overlaid = override === undefined ? overlay?.baseUri(namespace) : undefined;
    const given = override ?? overlaid?.value;
    const baseUri = given ?? declaration.baseUri ?? "";
    const isThroughTunnel = given === undefined && (declaration.tunnel ?? undefined) !== undefined;
    const declaredCredential = declaredAuthentication(declaration, pointer, scope, options);
    // Looking for an implied one reads the whole file, and few inputs depend on it.
    const authentication = once(() => {
      if (declaredCredential === "none") return undefined;
      return declaredCredential ?? impliedAuthentication(declaration, document, scope, overlay);
    });
    const adapter: Adapter = {
      namespace,
      description: declaration.description,
      baseUri: isThroughTunnel ? throughTunnel(baseUri) : compileBaseUri(baseUri, scope, override !== undefined),
      baseUriOrigin: overlaid?.origin,
      baseUriInputs: inputsOfBaseUris([overlaid?.value, declaration.baseUri], scope),
      get authentication() {
        return authentication();
      },
      get bare() {
        return bare();
      },
      folder: folderOf(declaration, options.origins),
      pointer,
    };
    adapters.push(adapter);
    if (!options.deferred) authentication();
    const possible = declaredCredential === "none" ? undefined : (declaredCredential ?? IMPLIED);
    const credentialPlace = credentialPlaceOf(possible, options.kinds);
    const context = { scope, overlay, credentialPlace };
    const bare = once(() => bareOperation(adapter, declaration, context));
    collectOperations(drafts, adapter, declaration, context);
  }
  const operations = assignReferences(drafts);
  overlay?.nameOperations(name, drafts);
  if (!options.deferred) for (const draft of drafts) void draft.outputs;
  return { name, info: compileInfo(document.info), binds: scope.variables, adapters, operations };
}

function inputsOfBaseUris(texts: readonly (string | undefined)[], scope: BindScope): string[] {
  return [...new Set(texts.flatMap(text => baseUriInputs(text ?? "", scope)))];
}

/** Returns the folder of the file of an adapter, which may be an imported file. */
function folderOf(declaration: ConsumesHttp, origins: Origins | undefined): string | undefined {
  const file = origins?.documentOf(declaration).file;
  return file === undefined ? undefined : path.dirname(file);
}

/** Returns what a file, an overlay or an option declares; `"none"` if no credential may be implied. */
function declaredAuthentication(
  adapter: ConsumesHttp,
  pointer: string,
  scope: BindScope,
  { authentication, overlay, impliedAuthentication: implied }: CompileOptions,
): Authentication | "none" | undefined {
  if (authentication === "none") return "none";
  const { namespace } = adapter;
  const override = authentication && member(authentication, namespace);
  const overlaid = override === undefined ? overlay?.authentication(namespace) : undefined;
  if (overlaid !== undefined) return overlaid;
  const declared = compileAuthentication(
    override ?? adapter.authentication,
    { scope, bareNames: override === undefined },
    `${pointer}/authentication`,
  );
  return declared ?? (implied ? undefined : "none");
}

/** Returns a function that computes its value at the first call. */
function once<Value>(compute: () => Value): () => Value {
  let computed: { readonly value: Value } | undefined;
  return () => {
    computed ??= { value: compute() };
    return computed.value;
  };
}

type PlacedCredential = Pick<Authentication, "type" | "key" | "placement" | "fields">;

function credentialPlaceOf(authentication: PlacedCredential | undefined, kinds: Kinds): CredentialPlace | undefined {
  if (authentication === undefined) return undefined;
  const place = member(kinds.authentications, authentication.type)?.place(authentication);
  return typeof place === "object" ? place : undefined;
}

interface AdapterContext {
  readonly scope: BindScope;
  readonly overlay: AppliedOverlay | undefined;
  /** Place of the credential that the adapter has or may imply, if that is a part of the request. */
  readonly credentialPlace: CredentialPlace | undefined;
}

function collectOperations(
  drafts: DeferredOperation[],
  adapter: Adapter,
  declaration: ConsumesHttp,
  { scope, overlay, credentialPlace }: AdapterContext,
): void {
  const { pointer } = adapter;
  for (const [resourceIndex, resource] of (declaration.resources ?? []).entries()) {
    const resourcePointer = `${pointer}/resources/${resourceIndex}`;
    for (const [operationIndex, operation] of resource.operations.entries()) {
      const operationPointer = `${resourcePointer}/operations/${operationIndex}`;
      const head = { adapter, declaration, resource, operation, pointer: operationPointer };
      const draft = new DeferredOperation(head, () => {
        const parameters = mergeParameters([
          { list: declaration.inputParameters, pointer: `${pointer}/inputParameters` },
          { list: resource.inputParameters, pointer: `${resourcePointer}/inputParameters` },
          { list: operation.inputParameters, pointer: `${operationPointer}/inputParameters` },
        ]);
        const details = compileDetails({ ...head, resourcePointer, parameters, scope, credentialPlace });
        return overlay?.refine(draft, details) ?? details;
      });
      drafts.push(draft);
    }
  }
}

/** Makes the operation of an adapter that has nothing of a resource or an operation. */
function bareOperation(
  adapter: Adapter,
  declaration: ConsumesHttp,
  { scope, overlay, credentialPlace }: AdapterContext,
): DeferredOperation {
  const { pointer, namespace } = adapter;
  const resource = { name: "", path: "", operations: [] };
  const operation: OperationDeclaration = { name: namespace, method: "GET", outputRawFormat: "binary" };
  const head = { adapter, declaration, resource, operation, pointer };
  const draft = new DeferredOperation(head, () => {
    const parameters = mergeParameters([{ list: declaration.inputParameters, pointer: `${pointer}/inputParameters` }]);
    const details = compileDetails({ ...head, resourcePointer: pointer, parameters, scope, credentialPlace });
    return overlay?.refine(draft, details) ?? details;
  });
  return draft;
}

interface DeclaredParameter {
  readonly declaration: ConsumedInputParameter;
  readonly pointer: string;
}

/**
 * Merges the three levels into one list. Name and location identify a parameter; the operation beats the resource,
 * which beats the adapter (language chapter 5.3). Header names compare without case (RFC 9110, 5.1).
 */
function mergeParameters(
  levels: readonly { list: readonly ConsumedInputParameter[] | undefined; pointer: string }[],
): readonly DeclaredParameter[] {
  if (levels.every(({ list }) => list === undefined || list.length === 0)) return [];
  const merged = new Map<string, DeclaredParameter>();
  for (const { list, pointer } of levels) {
    if (list === undefined) continue;
    for (const [index, declaration] of list.entries()) {
      const name = declaration.in === "header" ? declaration.name.toLowerCase() : declaration.name;
      merged.set(`${declaration.in}:${name}`, { declaration, pointer: `${pointer}/${index}` });
    }
  }
  return [...merged.values()];
}

interface OperationContext {
  readonly adapter: Adapter;
  /** Of the adapter. */
  readonly declaration: ConsumesHttp;
  readonly resource: Resource;
  readonly resourcePointer: string;
  readonly operation: OperationDeclaration;
  readonly pointer: string;
  readonly parameters: readonly DeclaredParameter[];
  readonly scope: BindScope;
  readonly credentialPlace: CredentialPlace | undefined;
}

function compileDetails(context: OperationContext): OperationDetails {
  const { adapter, resource, operation, pointer, scope } = context;
  const declarations = context.parameters.map(parameter => parameter.declaration);
  const path = parsePath(operationPath(resource, operation));
  const implied = impliedByPath(path, declarations, scope);
  const inputs = new InputCollector(declarations, implied, scope.variables, namedSchemas(context.declaration));
  const ofInputs: TemplateContext = {
    scope,
    bareNames: true,
    onInput: templateInputs(inputs, scope, pointer),
  };
  const template = {
    ...ofInputs,
    fixed: fixedValues(declarations, value => compileTemplate(value, ofInputs)),
  };

  const declared = context.parameters
    .filter(({ declaration }) => declaration.in !== "environment" && !isUnsendable(declaration))
    .map(parameter => compileParameter(parameter, inputs, template));
  const pathPointer = `${operation.path === undefined ? context.resourcePointer : pointer}/path`;
  const { pathParts, queryParts } = placeParameters(path, { declared, inputs, scope, pointer: pathPointer });
  const placed = new Set([...pathParts, ...queryParts]);
  const inBody = { ...template, onInput: templateInputs(inputs, scope, pointer, true) };
  const body = operation.body === undefined ? undefined : compileBody(operation.body, inBody, `${pointer}/body`);
  for (const parameter of declared) {
    // A path parameter without a placeholder is not sent (language chapter 5.4), so the caller need not give it.
    const isLost = parameter.in === "path" && !placed.has(parameter);
    if (isLost && parameter.source.kind === "input") inputs.makeOptional(parameter.source.key);
  }
  const baseUriSources = fillBaseUri(adapter, declared, inputs);
  const { credentialPlace } = context;
  if (credentialPlace !== undefined)
    inputs.relaxCredential(credentialPlace, () => adapter.authentication !== undefined);
  // A list of operations needs no outputs.
  const outputs = once(() => compileOutputs(operation.outputParameters, pointer));

  return {
    pathParts,
    queryParts,
    baseUriSources,
    parameters: declared.filter(
      (parameter): parameter is PlacedParameter => !placed.has(parameter) && parameter.in !== "path",
    ),
    body,
    inputs: inputs.finish(),
    get outputs() {
      return outputs();
    },
  };
}

/**
 * Returns the function that finds or adds the input behind a placeholder.
 *
 * @param inBody whether the placeholder stands in a body
 */
function templateInputs(
  inputs: InputCollector,
  { names }: BindScope,
  pointer: string,
  inBody: boolean = false,
): NonNullable<TemplateContext["onInput"]> {
  return name =>
    inputs.findTemplateInput(name) ??
    (names.isMisspelt(name, inBody) ? undefined : inputs.implyTemplateInput(name, pointer));
}

/**
 * Tells whether a parameter is a header that the file fixes and only the transport may write. A header of a caller is
 * refused when it is given.
 */
function isUnsendable({ name, in: location, value, template }: ConsumedInputParameter): boolean {
  return location === "header" && (value ?? template ?? undefined) !== undefined && isTransportHeader(name);
}

/**
 * Finds a value for each placeholder of the base URI: the path parameter of the name, else any other input of the name,
 * else an input of its own.
 */
function fillBaseUri(
  adapter: Adapter,
  declared: readonly Parameter[],
  inputs: InputCollector,
): ReadonlyMap<string, ParameterSource> {
  if (adapter.baseUriInputs.length === 0) return NO_SOURCES;
  const { baseUri } = adapter;
  const parts = baseUri.kind === "template" ? baseUri.template.parts : [];
  const needed = new Set(parts.map(part => (typeof part === "object" && part.kind === "input" ? part.name : "")));
  const inPath = new Map(declared.filter(({ in: location }) => location === "path").map(found => [found.name, found]));
  return new Map(
    adapter.baseUriInputs.map((name): [string, ParameterSource] => {
      const fixed = inPath.get(name);
      if (fixed !== undefined && fixed.source.kind !== "input") return [name, fixed.source];
      return [name, { kind: "input", key: inputs.needBaseUriInput(name, adapter.pointer, needed.has(name)) }];
    }),
  );
}

const NO_SOURCES: ReadonlyMap<string, ParameterSource> = new Map();

function compileParameter(
  { declaration, pointer }: DeclaredParameter,
  inputs: InputCollector,
  context: TemplateContext,
): Parameter {
  const location = declaration.in as ParameterIn;
  const value = fixedValue(declaration);
  let source: ParameterSource;
  if (value === undefined || value === null) {
    source = { kind: "input", key: inputs.declare(declaration, pointer) };
  } else if (typeof value === "string") {
    const onInput = templateInputs(inputs, context.scope, pointer);
    const template = compileTemplate(value, { ...context, onInput });
    source = template.parts.every(part => typeof part === "string")
      ? { kind: "constant", value }
      : { kind: "template", template };
  } else {
    source = { kind: "constant", value };
  }
  const style = parameterStyle(declaration);
  return {
    name: declaration.name,
    in: location,
    type: inputType(declaration),
    source,
    required: declaration.required ?? location === "path",
    ...(style === undefined ? {} : { style }),
    pointer,
  };
}

function compileOutputs(
  outputs: readonly ConsumedOutputParameter[] | undefined,
  operationPointer: string,
): readonly Output[] | undefined {
  return outputs?.map((output, index) => {
    const path = parseWrittenPath(output.value ?? output.mapping ?? "$");
    if (!path.ok) throw new TypeError(`Invalid JSONPath ${output.value}: ${path.reason}`);
    return {
      name: output.name,
      type: output.type ?? "object",
      path: path.path,
      pointer: `${operationPointer}/outputParameters/${index}`,
    };
  });
}

function compileInfo(info: Info | undefined | null): CapabilityInfo {
  return {
    ...optional("label", info?.label),
    ...optional("description", info?.description),
    tags: info?.tags ?? [],
    ...optional("version", info?.version === undefined ? undefined : String(info.version)),
    ...optional("created", info?.created === undefined ? undefined : String(info.created)),
    ...optional("modified", info?.modified === undefined ? undefined : String(info.modified)),
  };
}

/**
 * Returns `{ [name]: value }`, or `{}` for an absent value: `exactOptionalPropertyTypes` forbids an explicit
 * `undefined`.
 */
function optional<Name extends string, Value>(name: Name, value: Value | undefined | null): { [key in Name]?: Value } {
  return value === undefined || value === null ? {} : ({ [name]: value } as { [key in Name]?: Value });
}
