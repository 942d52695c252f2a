import { bodyText } from "../../../base/body-text.ts";
import { isCapabilityError } from "../../../base/capability-error.ts";
import { isJsonType } from "../../../base/media-types.ts";
import { stringify } from "../../../base/numbers/exact-json.ts";
import type { CallerFields } from "../../../engine/binds/caller-fields.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import type { McpResource, Unit } from "../../../language/model/exposed/types.ts";
import { FolderProblem, operatorError } from "../../../serving/folder/folder-problem.ts";
import { folderPlaces, ServedFolder } from "../../../serving/folder/served-folder.ts";
import { isTextual } from "../../../tools/binary-answer.ts";
import type { McpResources, ResourceContents, ResourceEntry } from "../offer.ts";
import { readServedFile } from "../read-served-file.ts";
import { matchUri } from "./match-uri.ts";
import { textsOf } from "./texts-of.ts";
import { lastType, wholeBody } from "./unit-body.ts";

/** Media type of what a call gives, where nothing says another (language chapter 7.3). */
const JSON_TYPE = "application/json";
/** Media type of bytes of which nothing says another. */
const BYTES_TYPE = "application/octet-stream";
/** Longest description, in characters. */
const LONGEST_DESCRIPTION = 10_000;

interface Served {
  readonly resource: McpResource;
  readonly content:
    | { readonly kind: "unit"; readonly unit: Unit }
    | { readonly kind: "folder"; readonly folder: ServedFolder };
}

/**
 * Makes the resources of a server (language chapter 7.3).
 *
 * @param report told of folders that cannot be read, which only the operator can mend
 */
export function exposedResources(
  resources: readonly McpResource[],
  runtime: Runtime,
  report: (error: unknown) => void,
): McpResources {
  const all = resources.map((resource): Served => ({ resource, content: contentOf(resource, runtime) }));
  // A resource that is listed can be read, also where a template would match it.
  const sought = [...all.filter(served => !isTemplate(served)), ...all.filter(isTemplate)];
  // The others can be asked for by those who know them, and are told as refused.
  const offered = all.filter(({ content }) => content.kind !== "unit" || runtime.refusalOf(content.unit) === undefined);
  return {
    skills: undefined,
    list: async () => (await Promise.all(offered.map(served => listed(served, report)))).flat(),
    templates: offered.filter(isTemplate).map(({ resource }) => ({
      uriTemplate: resource.uri,
      ...namesOf(resource),
      mimeType: resource.mimeType ?? JSON_TYPE,
    })),
    async read(uri, signal, callerFields) {
      for (const served of sought) {
        const found = readerOf(served, uri, runtime);
        if (found !== undefined) return found(signal, callerFields);
      }
      return undefined;
    },
  };
}

function contentOf({ content }: McpResource, runtime: Runtime): Served["content"] {
  if (content.kind === "unit") return content;
  const { location, directory } = content;
  return { kind: "folder", folder: new ServedFolder(location, directory, folderPlaces(runtime)) };
}

function isTemplate({ resource: { segments } }: Served): boolean {
  return segments.some(segment => typeof segment === "object");
}

function namesOf(resource: McpResource) {
  return { name: resource.name, ...textsOf(resource, LONGEST_DESCRIPTION) };
}

async function listed(served: Served, report: (error: unknown) => void): Promise<ResourceEntry[]> {
  const { resource, content } = served;
  if (isTemplate(served)) return [];
  const names = namesOf(resource);
  if (content.kind === "unit")
    return [{ uri: resource.uri, ...names, mimeType: resource.mimeType ?? JSON_TYPE, size: undefined }];
  try {
    const files = await content.folder.list();
    return files.map(({ path, size, mediaType }) => ({
      uri: `${resource.uri}/${path}`,
      ...names,
      name: path,
      mimeType: resource.mimeType ?? mediaType,
      size,
    }));
  } catch (error) {
    // The others are listed all the same.
    if (!(error instanceof FolderProblem)) throw error;
    report(operatorError(error));
    return [];
  }
}

type Read = (
  signal: AbortSignal,
  callerFields: CallerFields | undefined,
) => Promise<readonly ResourceContents[] | undefined>;

/** Returns what reads a URI. `undefined`: it is not the resource's. */
function readerOf({ resource, content }: Served, uri: string, runtime: Runtime): Read | undefined {
  if (content.kind === "unit") {
    const values = matchUri(resource.segments, uri);
    return (
      values &&
      ((signal, callerFields) => readUnit(content.unit, values, { resource, uri, runtime, signal, callerFields }))
    );
  }
  const start = `${resource.uri}/`;
  if (uri === resource.uri) return async () => undefined;
  if (!uri.startsWith(start)) return undefined;
  return () => readServedFile(content.folder, uri.slice(start.length), uri, resource.mimeType);
}

interface Reading {
  readonly resource: McpResource;
  readonly uri: string;
  readonly runtime: Runtime;
  readonly signal: AbortSignal;
  readonly callerFields: CallerFields | undefined;
}

async function readUnit(
  unit: Unit,
  values: Readonly<Record<string, string>>,
  { resource, uri, runtime, signal, callerFields }: Reading,
): Promise<readonly ResourceContents[] | undefined> {
  const { secrets } = runtime;
  try {
    const answer = await runtime.callUnit(unit, values, { signal, callerFields }, { form: "bytes" });
    if (answer.kind === "bytes") {
      const known = secrets.bytes(await wholeBody(answer, runtime.opening));
      const bytes = callerFields?.bytes(known) ?? known;
      return [{ uri, ...bodyContents(bytes, answer.contentType, resource.mimeType) }];
    }
    // The last step has given bytes.
    if (answer.value instanceof Uint8Array) {
      const known = secrets.bytes(answer.value);
      const bytes = callerFields?.bytes(known) ?? known;
      return [{ uri, ...bodyContents(bytes, lastType(unit) ?? BYTES_TYPE, resource.mimeType) }];
    }
    const known = secrets.value(answer.value);
    const value = callerFields?.value(known) ?? known;
    const text = answer.isEmpty && answer.value === null ? "" : (stringify(value) ?? "null");
    return [{ uri, mimeType: resource.mimeType ?? JSON_TYPE, text }];
  } catch (error) {
    // The API has no such thing either.
    if (isCapabilityError(error, "HTTP_STATUS") && error.details.status === 404) return undefined;
    throw error;
  }
}

/**
 * Gives a body: a text where its type is one of texts, else bytes.
 *
 * @param contentType as the API says it
 * @param declared type that the file gives the resource
 */
function bodyContents(bytes: Uint8Array, contentType: string | undefined, declared: string | undefined) {
  const mediaType = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  const mimeType = declared ?? (mediaType === undefined || isJsonType(mediaType) ? JSON_TYPE : mediaType);
  if (isTextual(mimeType.toLowerCase())) {
    try {
      const text = bodyText({ bytes, contentType });
      if (!text.includes("\0")) return { mimeType, text };
    } catch {
      // They are no text.
    }
  }
  return { mimeType: declared ?? mediaType ?? BYTES_TYPE, blob: base64(bytes) };
}

function base64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
