import { consumedAdapters } from "../document/consumed.ts";
import type {
  CapabilityDocument,
  ConsumedInputParameter,
  ConsumedOutputParameter,
  ConsumesHttp,
  OperationDeclaration,
  Resource,
} from "../document/document-types.ts";

/** Part of a document and its JSON pointer. */
interface Element<Part> {
  readonly element: Part;
  readonly pointer: string;
}

export interface OperationElement {
  readonly operation: OperationDeclaration;
  readonly resource: Resource;
  readonly adapter: ConsumesHttp;
  readonly pointer: string;
}

interface ParameterElement extends Element<ConsumedInputParameter> {
  readonly adapter: ConsumesHttp;
}

/** Consumed parts of a document by kind, each in file order. */
interface Elements {
  readonly adapters: readonly Element<ConsumesHttp>[];
  readonly resources: readonly Element<Resource>[];
  readonly operations: readonly OperationElement[];
  readonly parameters: readonly ParameterElement[];
  readonly outputs: readonly Element<ConsumedOutputParameter>[];
}

/** Walks a document once, for all rules. */
export function collectElements(document: CapabilityDocument): Elements {
  const adapters: Element<ConsumesHttp>[] = [];
  const resources: Element<Resource>[] = [];
  const operations: OperationElement[] = [];
  const parameters: ParameterElement[] = [];
  const outputs: Element<ConsumedOutputParameter>[] = [];

  for (const { adapter, pointer } of consumedAdapters(document)) {
    adapters.push({ element: adapter, pointer });
    collectParameters(adapter, adapter.inputParameters, `${pointer}/inputParameters`, parameters);
    for (const [resourceIndex, resource] of (adapter.resources ?? []).entries()) {
      const resourcePointer = `${pointer}/resources/${resourceIndex}`;
      resources.push({ element: resource, pointer: resourcePointer });
      collectParameters(adapter, resource.inputParameters, `${resourcePointer}/inputParameters`, parameters);
      for (const [operationIndex, operation] of resource.operations.entries()) {
        const operationPointer = `${resourcePointer}/operations/${operationIndex}`;
        operations.push({ operation, resource, adapter, pointer: operationPointer });
        collectParameters(adapter, operation.inputParameters, `${operationPointer}/inputParameters`, parameters);
        for (const [index, element] of (operation.outputParameters ?? []).entries())
          outputs.push({ element, pointer: `${operationPointer}/outputParameters/${index}` });
      }
    }
  }
  return { adapters, resources, operations, parameters, outputs };
}

function collectParameters(
  adapter: ConsumesHttp,
  list: readonly ConsumedInputParameter[] | undefined,
  pointer: string,
  into: ParameterElement[],
): void {
  if (list === undefined) return;
  for (const [index, element] of list.entries()) into.push({ element, pointer: `${pointer}/${index}`, adapter });
}
