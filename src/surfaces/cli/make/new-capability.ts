import type {
  AuthenticationDeclaration,
  CapabilityDocument,
  ConsumedInputParameter,
  OperationDeclaration,
} from "../../../language/document/document-types.ts";
import { WRITTEN_VERSION } from "../../../language/document/written-version.ts";
import { parsePath } from "../../../language/model/compile-path.ts";
import { kebabName, operationNames, resourceName, variablePrefix } from "../../../language/openapi/imported-names.ts";

/** The kinds of authentication that `init` writes. */
export const AUTHENTICATIONS = ["bearer", "basic", "apikey", "none"] as const;

/** Methods of a first operation, the most frequent first. */
export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] as const;

/** Places of an API key. */
export const PLACEMENTS = ["header", "query"] as const;

/** Settings of a new capability. */
export interface NewCapability {
  /** Its name, which is its namespace too. */
  readonly name: string;
  readonly baseUri: string;
  readonly authentication:
    | { readonly type: "bearer" | "basic" | "none" }
    | { readonly type: "apikey"; readonly key: string; readonly placement: (typeof PLACEMENTS)[number] };
  readonly operation: {
    readonly name: string;
    readonly method: (typeof METHODS)[number];
    readonly path: string;
  };
}

/** A new document, and the variables that its authentication needs. */
interface MadeCapability {
  readonly document: CapabilityDocument;
  readonly variables: readonly string[];
}

/** Makes the document of a capability with one operation. */
export function newCapability({ name, baseUri, authentication, operation }: NewCapability): MadeCapability {
  const { declaration, variables } = authenticationOf(authentication, variablePrefix(name));
  const keys = Object.fromEntries(variables.map(variable => [variable, variable]));
  const binds = [{ namespace: "env", description: "Variables of the environment, or of a file .env.", keys }];
  const document: CapabilityDocument = {
    naftiko: WRITTEN_VERSION,
    info: {
      label: labelOf(name),
      description: `Calls ${baseUri}.`,
    },
    ...(variables.length === 0 ? {} : { binds }),
    capability: {
      consumes: [
        {
          type: "http",
          namespace: name,
          baseUri,
          ...(declaration === undefined ? {} : { authentication: declaration }),
          resources: [
            { name: resourceName(operation.path), path: operation.path, operations: [firstOperation(operation)] },
          ],
        },
      ],
    },
  };
  return { document, variables };
}

/** Returns the name that an import gives to an operation without one: `get-books-isbn` for `GET /books/{isbn}`. */
export function operationName(method: string, path: string): string {
  const operation = { id: undefined, method, path };
  return operationNames([operation]).get(operation) ?? method;
}

function firstOperation({ name, method, path }: NewCapability["operation"]): OperationDeclaration {
  const ofPath = placeholdersOf(path).map(
    (placeholder): ConsumedInputParameter => ({
      name: placeholder,
      in: "path",
      type: "string",
      description: `Part of the path ${path}.`,
      required: true,
    }),
  );
  const hasBody = method === "POST" || method === "PUT" || method === "PATCH";
  const body: ConsumedInputParameter = {
    name: "body",
    in: "body",
    type: "object",
    description: "The JSON body of the request.",
    required: true,
  };
  const inputs = [...ofPath, ...(hasBody ? [body] : [])];
  return {
    name,
    description: `${method} ${path}`,
    method,
    ...(inputs.length === 0 ? {} : { inputParameters: inputs }),
    ...(method === "HEAD"
      ? { outputRawFormat: "text" }
      : { outputParameters: [{ name: "result", type: "object", description: "The whole answer.", value: "$." }] }),
  };
}

/** Returns the names of the placeholders of a path. */
function placeholdersOf(text: string): string[] {
  const { path, query } = parsePath(text);
  return [...new Set([...path, ...query].flatMap(part => (typeof part === "string" ? [] : [part.name])))];
}

interface Authentication {
  readonly declaration: AuthenticationDeclaration | undefined;
  readonly variables: readonly string[];
}

function authenticationOf(authentication: NewCapability["authentication"], prefix: string): Authentication {
  const named = (name: string) => `${prefix}_${name}`;
  switch (authentication.type) {
    case "bearer": {
      const token = named("TOKEN");
      return { declaration: { type: "bearer", token: `{{${token}}}` }, variables: [token] };
    }
    case "basic": {
      const [username, password] = [named("USERNAME"), named("PASSWORD")];
      const declaration = { type: "basic", username: `{{${username}}}`, password: `{{${password}}}` } as const;
      return { declaration, variables: [username, password] };
    }
    case "apikey": {
      const { key, placement } = authentication;
      const variable = `${prefix.replace(/_API$/, "")}_API_KEY`;
      return { declaration: { type: "apikey", key, value: `{{${variable}}}`, placement }, variables: [variable] };
    }
    case "none":
      return { declaration: undefined, variables: [] };
  }
}

function labelOf(name: string): string {
  const words = kebabName(name).replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
