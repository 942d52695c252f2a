import { consumedAdapters } from "../document/consumed.ts";
import type {
  Aggregate,
  AggregateFunction,
  CapabilityDocument,
  ConsumesHttp,
  ExposedInputParameter,
  ExposedOperation,
  ExposedResource,
  Exposes,
  ExposesMcp,
  ExposesRest,
  McpHints,
  McpResource,
  McpTool,
  OperationDeclaration,
  Resource,
  Scripting,
  Semantics,
  ToolInputParameter,
} from "../document/document-types.ts";
import { aggregatesOf, exposedAdapters, inputsAt } from "../document/exposed.ts";
import { mcpPrefixes, ownNamespaces } from "../document/own-namespaces.ts";
import type { UnitDeclaration } from "../document/unit-declaration.ts";
import { parseTemplate } from "../expression/template.ts";

/** Members that units have; not every kind has each. */
export interface UnitMembers extends UnitDeclaration {
  readonly name?: string;
  readonly hints?: McpHints;
  readonly semantics?: Semantics;
}

/** Unit of a document: a REST operation, a tool, a resource of MCP that is no folder, a function. */
export interface UnitElement {
  readonly kind: "operation" | "tool" | "resource" | "function";
  /** Namespace of the server or aggregate. */
  readonly namespace: string;
  /** As messages name it: `Tool "get-ship"`. */
  readonly title: string;
  readonly declaration: UnitMembers;
  readonly pointer: string;
  /** With those of the resource, which come first. */
  readonly inputs: readonly InputElement[];
  /** Words before the dot of an input. */
  readonly prefixes: ReadonlySet<string>;
  /** Of a REST operation. */
  readonly route: { readonly method: string; readonly path: string } | undefined;
}

export interface InputElement {
  readonly declaration: Partial<ExposedInputParameter> & (ExposedInputParameter | ToolInputParameter);
  readonly pointer: string;
}

/** An operation that units may call. */
export interface CallableOperation {
  readonly adapter: ConsumesHttp;
  readonly resource: Resource;
  readonly operation: OperationDeclaration;
}

/** Everything that a document exposes, and what that refers to. */
export interface ExposedElements {
  readonly document: CapabilityDocument;
  readonly adapters: readonly { readonly declaration: Exposes; readonly pointer: string }[];
  readonly resources: readonly {
    readonly declaration: ExposedResource;
    readonly adapter: ExposesRest;
    readonly pointer: string;
  }[];
  readonly units: readonly UnitElement[];
  /** The first operation of each name that a `call` may write. */
  readonly operations: ReadonlyMap<string, CallableOperation>;
  readonly namespaces: ReadonlySet<string>;
  /** Functions by `aggregate.function`. */
  readonly functions: ReadonlyMap<string, UnitElement>;
  readonly scripting: Scripting;
}

/** Walks what a document exposes once, for all rules. */
export function collectExposed(document: CapabilityDocument): ExposedElements {
  const operations = new Map<string, CallableOperation>();
  const namespaces = new Set<string>();
  for (const { adapter } of consumedAdapters(document)) {
    namespaces.add(adapter.namespace);
    for (const resource of adapter.resources ?? []) {
      for (const operation of resource.operations) {
        const names = [
          `${adapter.namespace}.${operation.name}`,
          `${adapter.namespace}.${resource.name}.${operation.name}`,
        ];
        for (const name of names) if (!operations.has(name)) operations.set(name, { adapter, resource, operation });
      }
    }
  }
  const functions = new Map<string, UnitElement>();
  const units: UnitElement[] = [];
  for (const { declaration: aggregate, pointer } of aggregatesOf(document)) {
    for (const [index, declaration] of aggregate.functions.entries()) {
      const unit = functionElement(aggregate, declaration, `${pointer}/functions/${index}`);
      units.push(unit);
      const reference = `${aggregate.namespace}.${declaration.name}`;
      if (!functions.has(reference)) functions.set(reference, unit);
    }
  }
  const adapters = [...exposedAdapters(document)];
  const resources: { declaration: ExposedResource; adapter: ExposesRest; pointer: string }[] = [];
  let scripting: Scripting = {};
  for (const { declaration: adapter, pointer } of adapters) {
    if (adapter.type === "mcp") {
      for (const [index, tool] of (adapter.tools ?? []).entries())
        units.push(toolElement(adapter, tool, `${pointer}/tools/${index}`));
      for (const [index, resource] of (adapter.resources ?? []).entries())
        if (resource.location === undefined)
          units.push(resourceElement(adapter, resource, `${pointer}/resources/${index}`));
    } else if (adapter.type === "rest") {
      for (const [index, resource] of (adapter.resources ?? []).entries()) {
        const place = `${pointer}/resources/${index}`;
        resources.push({ declaration: resource, adapter, pointer: place });
        for (const [each, operation] of (resource.operations ?? []).entries())
          units.push(operationElement(adapter, resource, operation, { place, each, adapterPlace: pointer }));
      }
    } else if (adapter.type === "control") scripting = adapter.management?.scripting ?? scripting;
  }
  return { document, adapters, resources, units, operations, namespaces, functions, scripting };
}

function functionElement(aggregate: Aggregate, declaration: AggregateFunction, pointer: string): UnitElement {
  return {
    kind: "function",
    namespace: aggregate.namespace,
    title: `Function "${declaration.name}"`,
    declaration,
    pointer,
    inputs: inputsAt(declaration.inputParameters, pointer),
    prefixes: new Set(ownNamespaces(aggregate)),
    route: undefined,
  };
}

function toolElement(adapter: ExposesMcp, declaration: McpTool, pointer: string): UnitElement {
  return {
    kind: "tool",
    namespace: adapter.namespace,
    title: `Tool "${declaration.name ?? declaration.ref}"`,
    declaration,
    pointer,
    inputs: inputsAt(declaration.inputParameters, pointer),
    prefixes: mcpPrefixes(adapter),
    route: undefined,
  };
}

function resourceElement(adapter: ExposesMcp, declaration: McpResource, pointer: string): UnitElement {
  return {
    kind: "resource",
    namespace: adapter.namespace,
    title: `Resource "${declaration.name}"`,
    declaration,
    pointer,
    inputs: uriPlaceholders(declaration.uri).map(name => ({ declaration: { name }, pointer: `${pointer}/uri` })),
    prefixes: mcpPrefixes(adapter),
    route: undefined,
  };
}

/** Returns the names of the placeholders in the URI of a resource, each once. */
function uriPlaceholders(uri: string): string[] {
  const parsed = parseTemplate(uri, "path");
  return parsed.ok ? [...new Set(parsed.parts.flatMap(part => (typeof part === "object" ? [part.name] : [])))] : [];
}

function operationElement(
  adapter: ExposesRest,
  resource: ExposedResource,
  declaration: ExposedOperation,
  { place, each, adapterPlace }: { readonly place: string; readonly each: number; readonly adapterPlace: string },
): UnitElement {
  const method = declaration.method ?? "GET";
  const pointer = `${place}/operations/${each}`;
  return {
    kind: "operation",
    namespace: adapter.namespace,
    title: `Operation ${JSON.stringify(declaration.name || `${method} ${resource.path}`)}`,
    declaration,
    pointer,
    inputs: [
      ...inputsAt(adapter.inputParameters, adapterPlace),
      ...inputsAt(resource.inputParameters, place),
      ...inputsAt(declaration.inputParameters, pointer),
    ],
    prefixes: new Set([...ownNamespaces(adapter), "rest"]),
    route: { method, path: resource.path },
  };
}
