import { stringify } from "yaml";

/** An input parameter of a file. */
export interface InputDeclaration {
  readonly name: string;
  readonly in: string;
  readonly type?: string;
  readonly [field: string]: unknown;
}

/** An operation, with the path of the resource that holds it alone. */
export interface OperationDeclaration {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Name of the resource; the operation's name where there is none. */
  readonly resource?: string;
  readonly inputParameters?: readonly InputDeclaration[];
  readonly [field: string]: unknown;
}

export interface CapabilityDeclaration {
  readonly namespace?: string;
  readonly baseUri?: string;
  readonly operations: readonly OperationDeclaration[];
  /** Variables by name, looked up in the environment under the same name or the given one. */
  readonly binds?: Readonly<Record<string, string>>;
  readonly authentication?: object;
  readonly info?: object;
  /** Further adapters. */
  readonly others?: readonly CapabilityDeclaration[];
}

/** Returns the text of a capability file. */
export function capabilityText(declaration: CapabilityDeclaration): string {
  const { binds, info, others = [] } = declaration;
  return stringify({
    naftiko: "1.0.0-alpha2",
    ...(info === undefined ? {} : { info }),
    ...(binds === undefined ? {} : { binds: [{ namespace: "env", keys: binds }] }),
    capability: { consumes: [declaration, ...others].map(adapterOf) },
  });
}

function adapterOf({
  namespace = "api",
  baseUri = "https://api.example.test/v1",
  authentication,
  operations,
}: CapabilityDeclaration): object {
  return {
    type: "http",
    namespace,
    baseUri,
    ...(authentication === undefined ? {} : { authentication }),
    resources: operations.map(({ path, resource, ...operation }) => ({
      name: resource ?? operation.name,
      path,
      operations: [operation],
    })),
  };
}

/** Returns an optional input; `more` may say otherwise. */
export function input(name: string, location: string, type: string = "string", more: object = {}): InputDeclaration {
  return { name, in: location, type, ...more };
}

export function required(name: string, location: string, type: string = "string"): InputDeclaration {
  return input(name, location, type, { required: true });
}
