import { getOrSet } from "../../base/get-or-set.ts";
import { isJsonObject, type JsonObject, objectOf } from "../../base/json-object.ts";
import { quoteValue } from "../../base/visible-text.ts";
import { WRITTEN_VERSION } from "../document/written-version.ts";
import { CARRIED, restoreParts } from "./carried-parts.ts";
import type { Description } from "./description.ts";
import type { DescriptionNode } from "./description-node.ts";
import { readAnswer } from "./import-answer.ts";
import { readBody } from "./import-body.ts";
import { ImportFindings } from "./import-findings.ts";
import { type ImportContext, readParameters } from "./import-parameters.ts";
import { SchemaReader } from "./import-schema.ts";
import { SecurityReader } from "./import-security.ts";
import { type ImportedServer, readServer } from "./import-servers.ts";
import { kebabName, operationNames, resourceName } from "./imported-names.ts";
import { type ImportedPath, importedPath } from "./imported-path.ts";
import { importedText } from "./imported-text.ts";

/** A capability that a description becomes. */
export interface ImportedCapability {
  /** Name of its file, without an extension. */
  readonly name: string;
  readonly document: JsonObject;
}

/** Whether each tag, or the first segment of each path, becomes a capability of its own. */
export type Split = "none" | "path" | "tag";

interface ImportOptions {
  /** Namespace of the adapter; by default made of the title. */
  readonly namespace?: string | undefined;
  readonly split: Split;
}

/**
 * Makes capabilities of a description: one, or one for each part. What they cannot hold is among the findings of the
 * description.
 */
export function importDescription(description: Description, options: ImportOptions): ImportedCapability[] {
  const findings = new ImportFindings(description);
  const info = objectOf(description.root.child("info")?.value);
  const title = importedText(info["title"]);
  const namespace = options.namespace ?? (kebabName(title ?? "") || nameOfLocation(description));
  const security = new SecurityReader(description, findings, namespace);
  const context = { description, findings, schemas: new SchemaReader(description, findings), parameters: new Map() };
  const operations = readOperations(description, findings, security);
  const names = operationNames(operations);
  const writer = new CapabilityWriter(context, security, names, { namespace, title, operations });
  const imported = partsOf(operations, options.split, description).map(part => writer.write(part));
  reportRest(description.root, operations, findings);
  const root = objectOf(description.root.value);
  const carried = description.root.child(CARRIED);
  if (carried !== undefined && /^https?:/i.test(carried.file.location))
    description.report(
      carried,
      `Parts of a capability in ${CARRIED} are taken over, such as its variables: read them first`,
    );
  return imported.map(({ name, document }) => ({
    name,
    document: restoreParts(document, root, { isWhole: options.split === "none", namespace: options.namespace }),
  }));
}

/** Returns a name for a description without a title: that of its file or its host. */
function nameOfLocation({ root }: Description): string {
  const { location } = root.file;
  const [file = ""] = location
    .replace(/[?#].*$/s, "")
    .split(/[\\/]/)
    .slice(-1);
  return kebabName(file.replace(/\.(?:json|ya?ml)$/i, "")) || "api";
}

/** An operation of the description, before it is read as a whole. */
interface DescribedOperation {
  readonly node: DescriptionNode;
  readonly item: DescriptionNode;
  readonly id: string | undefined;
  readonly method: string;
  /** As the description has it. */
  readonly path: string;
  readonly imported: ImportedPath;
  readonly tags: readonly string[];
  readonly server: ImportedServer;
  /** Key of its credential. */
  readonly credential: string;
}

const METHODS: ReadonlySet<string> = new Set(["get", "put", "post", "delete", "options", "head", "patch"]);

function readOperations(
  description: Description,
  findings: ImportFindings,
  security: SecurityReader,
): DescribedOperation[] {
  const { root } = description;
  const servers = new Map<unknown, ImportedServer>();
  const serverOf = (...places: readonly DescriptionNode[]) => {
    const list = [...places.map(place => place.child("servers")), root.child("servers")].find(
      found => Array.isArray(found?.value) && found.value.length > 0,
    );
    return getOrSet(servers, list?.value, () => readServer(list, description, findings));
  };
  const paths = root.child("paths");
  const operations: DescribedOperation[] = [];
  for (const [path, written] of (paths && description.resolve(paths)?.children()) ?? []) {
    if (path.startsWith("x-")) continue;
    const item = description.resolve(written);
    if (item === undefined || !isJsonObject(item.value)) continue;
    const imported = importedPath(path);
    for (const [name, member] of item.children()) {
      const method = name.toLowerCase();
      if (method === "trace" || method === "query" || name === "additionalOperations")
        findings.add(
          `method:${method}`,
          member,
          `The operation ${name.toUpperCase()} ${path} is left out: no call can have this method`,
        );
      const node = METHODS.has(method) ? description.resolve(member) : undefined;
      if (node === undefined || !isJsonObject(node.value)) continue;
      const { operationId, tags } = node.value;
      operations.push({
        node,
        item,
        id: typeof operationId === "string" ? operationId : undefined,
        method: method.toUpperCase(),
        path,
        imported,
        tags: textsOf(tags),
        server: serverOf(node, item),
        credential: security.choose(node),
      });
    }
  }
  return operations;
}

function textsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [];
  return [...new Set(list.flatMap(item => (typeof item === "string" ? (importedText(item) ?? []) : [])))];
}

/** The operations of one capability. */
interface Part {
  /** End of the name. Empty for the whole description. */
  readonly name: string;
  readonly label: string | undefined;
  readonly description: string | undefined;
  readonly operations: readonly DescribedOperation[];
}

function partsOf(operations: readonly DescribedOperation[], split: Split, { root }: Description): Part[] {
  if (split === "none") return [{ name: "", label: undefined, description: undefined, operations }];
  const described = new Map(
    (root.child("tags")?.children() ?? []).map(([, { value }]) => {
      const tag = objectOf(value);
      return [tag["name"], importedText(tag["description"])] as const;
    }),
  );
  const parts = new Map<string, { label: string; operations: DescribedOperation[] }>();
  for (const operation of operations) {
    const label = split === "tag" ? operation.tags[0] : firstSegment(operation.path);
    const name = kebabName(label ?? "") || "other";
    getOrSet(parts, name, () => ({ label: label ?? "other", operations: [] })).operations.push(operation);
  }
  return [...parts].map(([name, part]) => ({ name, ...part, description: described.get(part.label) }));
}

/** Returns the first segment of a path that tells of its subject. */
function firstSegment(path: string): string | undefined {
  const segments = path.split(/[/?#]/).filter(segment => segment !== "" && !segment.startsWith("{"));
  return segments.find(segment => !/^(?:api|rest|v\d[\w.]*)$/i.test(segment)) ?? segments[0];
}

/** What all capabilities of a description share. */
interface Whole {
  readonly namespace: string;
  readonly title: string | undefined;
  readonly operations: readonly DescribedOperation[];
}

/** An adapter while its operations are gathered. */
interface AdapterDraft {
  readonly namespace: string;
  readonly server: ImportedServer;
  readonly credential: string;
  readonly resources: Map<DescriptionNode, { readonly path: ImportedPath; readonly operations: DescribedOperation[] }>;
}

class CapabilityWriter {
  readonly #context: ImportContext;
  readonly #security: SecurityReader;
  readonly #names: ReadonlyMap<DescribedOperation, string>;
  readonly #whole: Whole;
  /** Server and credential of most operations: their adapter has the plain namespace. */
  readonly #usual: { readonly server: ImportedServer | undefined; readonly credential: string };

  constructor(
    context: ImportContext,
    security: SecurityReader,
    names: ReadonlyMap<DescribedOperation, string>,
    whole: Whole,
  ) {
    this.#context = context;
    this.#security = security;
    this.#names = names;
    this.#whole = whole;
    const { root } = context.description;
    const hasOwn = root.child("security") !== undefined;
    this.#usual = {
      server: mostCommon(whole.operations.map(({ server }) => server)),
      credential: hasOwn
        ? security.choose(undefined)
        : (mostCommon(whole.operations.map(found => found.credential)) ?? ""),
    };
  }

  write({ name, label, description, operations }: Part): ImportedCapability {
    const { namespace, title } = this.#whole;
    const drafts = this.#adapters(operations, name === "" ? namespace : `${namespace}-${name}`);
    const variables = new Set(drafts.flatMap(({ credential }) => this.#security.credential(credential).variables));
    const consumes = drafts.map(draft => this.#adapter(draft));
    const info = this.#info(label, description, operations);
    return {
      name: name === "" ? namespace : `${namespace}-${name}`,
      document: {
        naftiko: WRITTEN_VERSION,
        ...(Object.keys(info).length === 0 && title === undefined ? {} : { info }),
        ...(variables.size === 0
          ? {}
          : { binds: [{ namespace: "env", keys: Object.fromEntries([...variables].map(found => [found, found])) }] }),
        capability: { consumes },
      },
    };
  }

  #info(
    label: string | undefined,
    description: string | undefined,
    operations: readonly DescribedOperation[],
  ): JsonObject {
    const { root } = this.#context.description;
    const { title: _, description: general, version, contact } = objectOf(root.child("info")?.value);
    const { title } = this.#whole;
    const tags = [...new Set(operations.flatMap(operation => operation.tags))];
    const text = label === undefined ? importedText(general) : (description ?? importedText(general));
    const person = objectOf(contact);
    const fullName = importedText(person["name"]) ?? importedText(person["email"]);
    const email = importedText(person["email"]);
    const names = [title, label].filter(found => found !== undefined);
    return {
      ...(names.length === 0 ? {} : { label: names.join(" — ") }),
      ...(text === undefined ? {} : { description: text }),
      ...(typeof version === "string" || typeof version === "number" ? { version: String(version) } : {}),
      ...(tags.length === 0 ? {} : { tags }),
      ...(fullName === undefined
        ? {}
        : { stakeholders: [{ role: "contact", fullName, ...(email === undefined ? {} : { email }) }] }),
    };
  }

  /** Gathers operations by server and credential: an adapter has one of each. */
  #adapters(operations: readonly DescribedOperation[], namespace: string): AdapterDraft[] {
    const drafts = new Map<string, AdapterDraft>();
    const taken = new Set<string>();
    for (const operation of operations) {
      const { server, credential, item, imported } = operation;
      const key = `${JSON.stringify([server.baseUri, server.parameters])} ${credential}`;
      let draft = drafts.get(key);
      if (draft === undefined) {
        const wanted = this.#namespaceOf(operation, namespace);
        let unique = wanted;
        for (let number = 2; taken.has(unique); number++) unique = `${wanted}-${number}`;
        taken.add(unique);
        draft = { namespace: unique, server, credential, resources: new Map() };
        drafts.set(key, draft);
      }
      getOrSet(draft.resources, item, () => ({ path: imported, operations: [] })).operations.push(operation);
    }
    return [...drafts.values()];
  }

  #namespaceOf({ server, credential }: DescribedOperation, namespace: string): string {
    const usual = this.#usual;
    const ends: string[] = [];
    if (server.baseUri !== usual.server?.baseUri)
      ends.push(kebabName(server.baseUri.replace(/^https?:\/\//i, "")) || "relative");
    if (credential !== usual.credential) ends.push(credential === "" ? "public" : kebabName(credential) || "other");
    return [namespace, ...ends].join("-");
  }

  #adapter(draft: AdapterDraft): JsonObject {
    const credential = this.#security.credential(draft.credential);
    const parameters = [...draft.server.parameters, ...credential.parameters];
    const resources = [...draft.resources].map(([item, { path, operations }]) => {
      const shared = readParameters(item.child("parameters"), path, this.#context);
      const label = importedText(objectOf(item.value)["summary"]);
      const description = importedText(objectOf(item.value)["description"]);
      return {
        name: resourceName(path.text),
        ...(label === undefined ? {} : { label }),
        ...(description === undefined ? {} : { description }),
        path: path.text,
        ...(shared.length === 0 ? {} : { inputParameters: shared }),
        operations: operations.map(operation => this.#operation(operation, shared)),
      };
    });
    const schemas = this.#context.schemas.namedFor(schemasIn(resources));
    return {
      type: "http",
      namespace: draft.namespace,
      baseUri: draft.server.baseUri,
      ...(credential.authentication === undefined ? {} : { authentication: credential.authentication }),
      ...(parameters.length === 0 ? {} : { inputParameters: parameters }),
      resources,
      ...(Object.keys(schemas).length === 0 ? {} : { "x-schemas": schemas }),
    };
  }

  #operation(operation: DescribedOperation, shared: readonly JsonObject[]): JsonObject {
    const { node, imported, tags } = operation;
    const { summary, description: written, deprecated, externalDocs } = objectOf(node.value);
    const own = readParameters(node.child("parameters"), imported, this.#context);
    const answer = readAnswer(node, this.#context);
    const body = readBody(node, this.#context);
    // A summary that repeats the name says nothing.
    const label = summary === operation.id ? undefined : importedText(summary);
    const description = importedText(written);
    const inputs = withoutDoubles([
      ...undeclared(operation, [...shared, ...own], this.#context),
      ...own,
      ...answer.parameters,
      ...body,
    ]);
    const read: Record<string, unknown> = { name: this.#names.get(operation) };
    if (label !== undefined) read["label"] = label;
    if (description !== undefined && description !== label) read["description"] = description;
    if (tags.length > 0) read["tags"] = tags;
    if (deprecated === true) read["deprecated"] = true;
    if (isJsonObject(externalDocs) && typeof externalDocs["url"] === "string")
      read["externalDocs"] = { url: externalDocs["url"] };
    read["method"] = operation.method;
    if (inputs.length > 0) read["inputParameters"] = inputs;
    return Object.assign(read, answer.keys);
  }
}

/** Returns the schemas of resources: of answers and of inputs. */
function schemasIn(resources: readonly JsonObject[]): unknown[] {
  const listOf = (holder: JsonObject, key: string) => (holder[key] ?? []) as readonly JsonObject[];
  return resources.flatMap(resource => {
    const operations = listOf(resource, "operations");
    const inputs = [resource, ...operations].flatMap(holder => listOf(holder, "inputParameters"));
    return [...operations, ...inputs].flatMap(holder => holder["x-schema"] ?? []);
  });
}

/** Leaves out a header that we add where the description itself gives one, as Swagger 2.0 may. */
function withoutDoubles(inputs: readonly JsonObject[]): JsonObject[] {
  const headers = new Set<string>();
  return inputs.filter(({ name, in: location }) => {
    if (location !== "header") return true;
    const header = String(name).toLowerCase();
    if (headers.has(header)) return false;
    headers.add(header);
    return true;
  });
}

/** Returns inputs for placeholders of the path that no parameter fills. */
function undeclared(
  { imported, node, path }: DescribedOperation,
  declared: readonly JsonObject[],
  { findings }: ImportContext,
): JsonObject[] {
  const filled = new Set(
    declared.filter(({ in: place }) => place === "path" || place === "query").map(({ name }) => name),
  );
  const missing = [...imported.names].filter(name => !filled.has(name));
  const [first] = missing;
  if (first !== undefined)
    findings.add(
      "undeclared",
      node,
      `No parameter fills the placeholder ${quoteValue(first)} of ${quoteValue(path)}: it is an input of type string`,
    );
  return missing.map(name => ({ name, in: "path", type: "string", required: true }));
}

/** Returns the value that occurs most often, the first of several. */
function mostCommon<Value>(values: readonly Value[]): Value | undefined {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let most: Value | undefined;
  for (const [value, count] of counts) if (most === undefined || count > (counts.get(most) ?? 0)) most = value;
  return most;
}

/** Reports parts of a description that no capability has a place for. */
function reportRest(root: DescriptionNode, operations: readonly DescribedOperation[], findings: ImportFindings): void {
  const webhooks = root.child("webhooks");
  if (isJsonObject(webhooks?.value) && Object.keys(webhooks.value).length > 0)
    findings.add("webhooks", webhooks, "Webhooks are left out: a capability calls, and is not called");
  for (const { node } of operations) {
    const callbacks = node.child("callbacks");
    if (isJsonObject(callbacks?.value) && Object.keys(callbacks.value).length > 0)
      findings.add("callbacks", callbacks, "Callbacks are left out: a capability calls, and is not called");
  }
}
