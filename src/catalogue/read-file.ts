import { CapabilityError, isCapabilityError } from "../base/capability-error.ts";
import { isJsonObject } from "../base/json-object.ts";
import { kinds } from "../engine/kinds.ts";
import type { Document } from "../language/document/document.ts";
import type { CapabilityDocument } from "../language/document/document-types.ts";
import { readDocument } from "../language/document/read-document.ts";
import { type ResolvedDocument, resolveDocument } from "../language/document/resolve-document.ts";
import { compile } from "../language/model/compile.ts";
import type { Input, Operation } from "../language/model/types.ts";
import { strictRules } from "../language/validation/strict-rules.ts";
import { validate } from "../language/validation/validate.ts";
import type { CatalogueFile, CatalogueInput, CatalogueOperation, CatalogueProblem } from "./catalogue-file.ts";
import { kindOfFile } from "./file-kind.ts";

/** Content of a capability file, as far as a catalogue keeps it. */
type FileContent = Omit<CatalogueFile, "name" | "file" | "stamp" | "operationCount">;

interface ReadOptions {
  /** Folders that it may import from, besides its own. */
  readonly importRoots: readonly string[];
  /** Whether it was found below a folder, where files of others lie too. */
  readonly isDeep: boolean;
  /** Called for each file that it imports, before that is read. */
  readonly onImport?: (file: string) => void;
}

/**
 * Reads a file for a catalogue. One that does not open is content too.
 *
 * @returns `undefined` for a file that is no capability and does not claim to be one
 */
export async function readFile(
  file: string,
  { importRoots, isDeep, onImport }: ReadOptions,
): Promise<FileContent | undefined> {
  let document: Document | undefined;
  try {
    document = await readDocument(file);
    return await contentOf(await resolveDocument(document, { importRoots, onImport }));
  } catch (error) {
    return isForeign(file, document, isDeep) ? undefined : { ...EMPTY, problem: problemOf(error) };
  }
}

/** Content of a file that is no capability, or does not open. */
export const EMPTY: FileContent = { label: "", description: "", tags: [], adapters: [], variables: [], operations: [] };

async function contentOf(resolved: ResolvedDocument): Promise<FileContent> {
  const { source, origins } = resolved;
  const result = await validate(resolved, kinds, strictRules);
  if (!result.ok) throw new InvalidError(result.diagnostics.filter(({ severity }) => severity === "error"));
  const { info, binds, adapters, operations } = compile(source.name, result.document as CapabilityDocument, {
    kinds,
    impliedAuthentication: true,
    origins,
    deferred: true,
  });
  return {
    label: info.label ?? "",
    description: (info.description ?? "").trim(),
    tags: info.tags,
    adapters: adapters.map(({ namespace, description, baseUri }) => ({
      namespace,
      ...(description ? { description } : {}),
      baseUri: baseUri.text,
    })),
    variables: [...new Set(binds.map(({ name }) => name))],
    operations: operations.map(describeOperation),
  };
}

function describeOperation(operation: Operation): CatalogueOperation {
  const { name, reference, adapter, resource, method, path, label, description, tags, inputs } = operation;
  return {
    name,
    reference,
    namespace: adapter.namespace,
    resource,
    method,
    path,
    ...(label ? { label } : {}),
    ...(description ? { description } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    inputs: Array.from(inputs.values(), describeInput),
  };
}

function describeInput({ key, in: location, type, required, description, schemas }: Input): CatalogueInput {
  const input = { name: key, in: location, type, required };
  const values = schemas?.flatMap(choicesOf).filter(value => typeof value !== "object" || value === null) ?? [];
  return description === undefined && values.length === 0
    ? input
    : { ...input, ...(description ? { description } : {}), ...(values.length > 0 ? { enum: values.map(String) } : {}) };
}

/** Returns the values that a schema allows, or those of its items. */
function choicesOf(schema: unknown): unknown {
  if (!isJsonObject(schema)) return [];
  return schema["enum"] ?? (isJsonObject(schema["items"]) ? schema["items"]["enum"] : undefined) ?? [];
}

/** A document that the language does not allow. */
class InvalidError extends Error {
  constructor([first, ...others]: readonly { readonly message: string }[]) {
    super(`${first?.message}${others.length === 0 ? "" : ` (and ${others.length} more)`}`);
  }
}

/** Tells whether a file that does not open is one of others, or of ours that is no capability. */
function isForeign(file: string, document: Document | undefined, isDeep: boolean): boolean {
  const found = kindOfFile(file);
  if (found.kind === "capability") return false;
  if (found.kind !== "other" || found.title !== undefined) return true;
  // A folder is searched with all that lies below it: a map without a key of ours does not claim to be a capability.
  return isDeep && isJsonObject(document?.value);
}

function problemOf(error: unknown): CatalogueProblem {
  if (isCapabilityError(error, "CAPABILITY_INVALID") && error.details.diagnostics.length > 0) {
    const { diagnostics, omitted } = error.details;
    const others = diagnostics.length - 1 + omitted;
    const more = others === 0 ? "" : ` (and ${others} more)`;
    return { message: `${diagnostics[0]?.message}${more}`, remedies: error.remedies };
  }
  if (error instanceof CapabilityError) return { message: error.message, remedies: error.remedies };
  return { message: error instanceof InvalidError ? error.message : "This is not a valid capability", remedies: [] };
}
