import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { type JsonObject, member } from "../../base/json-object.ts";
import { pointerSegment } from "../../base/json-pointer.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type {
  AuthenticationDeclaration,
  Bind,
  CapabilityDeclaration,
  CapabilityDocument,
  ConsumedInputParameter,
  ConsumedOutputParameter,
  ConsumesHttp,
  ConsumesImport,
  OperationDeclaration,
  Resource,
  TypedRequestBody,
} from "../document/document-types.ts";
import type { Kinds } from "../document/kinds.ts";
import { memberName } from "./document-path.ts";
import { isBareData } from "./read-leniently.ts";
import { type PartKind, type WrittenPart, writtenParts } from "./written-parts.ts";

/** Key that nothing reads, in a place that calls depend on: they do not do what it says. */
interface IgnoredKey {
  readonly pointer: string;
  readonly message: string;
}

/**
 * Finds the keys that this runtime ignores. Remarks about a thing are none, nor are extensions for other tools.
 *
 * @param document a document of either generation, as written
 */
export function findIgnoredKeys(document: JsonObject, { authentications }: Kinds): IgnoredKey[] {
  const ignored: IgnoredKey[] = [];
  for (const written of writtenParts(document)) {
    const { kind, part, pointer } = written;
    if (kind === "body" && isBareData(part)) continue;
    const known = keysOf(written, authentications);
    for (const key of Object.keys(part)) {
      if (known.includes(key) || isRemark(key, known)) continue;
      const owner = memberName(pointer);
      const hint = didYouMean(suggest(key, known)) || `; it has ${known.join(", ")}`;
      const message = `${quoteValue(key)} is ignored: there is no such key in ${TITLES[kind]}${hint}`;
      const place = `${pointer}/${pointerSegment(key)}`;
      ignored.push({ pointer: place, message: owner === "" ? message : `${owner}: ${message}` });
    }
  }
  return ignored;
}

function keysOf({ kind, part }: WrittenPart, authentications: Kinds["authentications"]): readonly string[] {
  if (kind !== "authentication") return KEYS[kind];
  const type = member(part, "type");
  const traits = typeof type === "string" ? member(authentications, type) : undefined;
  if (traits === undefined) return KEYS.authentication;
  const { fields, optionalFields = [], placingMembers = [] } = traits;
  return ["type", ...fields, ...optionalFields, ...placingMembers];
}

/** Keys that are about a thing and not about calls, wherever they stand. */
const REMARKS: ReadonlySet<string> = new Set(
  "$comment $schema comment comments deprecated description display example examples externalDocs label notes summary tags title".split(
    " ",
  ),
);

function isRemark(key: string, known: readonly string[]): boolean {
  // An extension in the manner of OpenAPI is for other tools, unless it is a slip of one that is read.
  return key.startsWith("x-") ? suggest(key, known).length === 0 : REMARKS.has(key);
}

const TITLES: Readonly<Record<PartKind, string>> = {
  document: "a capability file",
  capability: "a capability",
  bind: "a bind",
  import: "an import",
  adapter: "a consumed adapter",
  authentication: "this kind of authentication",
  resource: "a consumed resource",
  operation: "a consumed operation",
  parameter: "a consumed input",
  output: "a consumed output",
  body: "a body",
  bodyPart: "a part of a body",
};

/** Keys that are read. A key that is added to the language does not compile until it has a place here. */
const KEYS: Readonly<Record<PartKind, readonly string[]>> = {
  document: keys<CapabilityDocument & { readonly ikanos: unknown }>({
    naftiko: 1,
    ikanos: 1,
    info: 1,
    binds: 1,
    imports: 1,
    consumes: 1,
    exposes: 1,
    aggregates: 1,
    capability: 1,
  }),
  capability: keys<CapabilityDeclaration>({ description: 1, binds: 1, consumes: 1, aggregates: 1, exposes: 1 }),
  bind: keys<Bind>({ namespace: 1, location: 1, description: 1, keys: 1 }),
  import: keys<ConsumesImport>({ import: 1, location: 1, from: 1, as: 1, description: 1 }),
  adapter: keys<ConsumesHttp>({
    type: 1,
    namespace: 1,
    description: 1,
    baseUri: 1,
    authentication: 1,
    inputParameters: 1,
    resources: 1,
    tunnel: 1,
    "x-schemas": 1,
  }),
  authentication: keys<AuthenticationDeclaration>({
    type: 1,
    token: 1,
    username: 1,
    password: 1,
    key: 1,
    value: 1,
    placement: 1,
    grant: 1,
    authorizationServerUri: 1,
    tokenEndpoint: 1,
    authorizationEndpoint: 1,
    deviceAuthorizationEndpoint: 1,
    clientId: 1,
    clientSecret: 1,
    clientAuthentication: 1,
    refreshToken: 1,
    scopes: 1,
    audience: 1,
    resource: 1,
    certificate: 1,
    privateKey: 1,
    passphrase: 1,
    certificateAuthority: 1,
    accessKeyId: 1,
    secretAccessKey: 1,
    sessionToken: 1,
    region: 1,
    service: 1,
  }),
  resource: keys<Resource>({ name: 1, label: 1, description: 1, tags: 1, path: 1, inputParameters: 1, operations: 1 }),
  operation: keys<OperationDeclaration>({
    name: 1,
    label: 1,
    description: 1,
    tags: 1,
    method: 1,
    path: 1,
    inputParameters: 1,
    body: 1,
    outputRawFormat: 1,
    outputSchema: 1,
    outputMediaType: 1,
    outputParameters: 1,
    "x-schema": 1,
  }),
  parameter: keys<ConsumedInputParameter>({
    name: 1,
    in: 1,
    type: 1,
    description: 1,
    required: 1,
    value: 1,
    template: 1,
    default: 1,
    enum: 1,
    minimum: 1,
    maximum: 1,
    exclusiveMinimum: 1,
    exclusiveMaximum: 1,
    multipleOf: 1,
    minLength: 1,
    maxLength: 1,
    pattern: 1,
    minItems: 1,
    maxItems: 1,
    uniqueItems: 1,
    items: 1,
    format: 1,
    "x-schema": 1,
    "x-style": 1,
    "x-explode": 1,
  }),
  output: keys<ConsumedOutputParameter>({ name: 1, type: 1, description: 1, value: 1, mapping: 1 }),
  body: keys<TypedRequestBody>({ type: 1, data: 1 }),
  bodyPart: ["name", "value", "filename", "contentType"],
};

function keys<Part>(known: Readonly<Record<keyof Part, 1>>): readonly string[] {
  return Object.keys(known);
}
