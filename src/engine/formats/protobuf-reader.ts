import path from "node:path";
import { fromBinary, toJson } from "@bufbuild/protobuf";
import protobufjs from "protobufjs";
import { DecodeLimitError, type ValueCount } from "../../base/decode-limits.ts";
import { messageDescriptor } from "./protobuf-descriptor.ts";
import type { DeclaredFormat } from "./raw-format.ts";
import { readBelow, readSchemaFile, type SchemaFile } from "./schema-file.ts";

const MOST_FILES = 100;

/**
 * Creates a reader of one message. `protobufjs` parses the `.proto` files. It would compile code to read messages, so
 * `@bufbuild/protobuf` reads them, which interprets.
 *
 * @throws Error for an unusable schema
 */
export async function createProtobufReader(
  declared: DeclaredFormat,
): Promise<(bytes: Uint8Array, count: ValueCount) => unknown> {
  const { descriptor, registry } = messageDescriptor(await loadMessage(declared));
  const written = { alwaysEmitImplicit: true, useProtoFieldName: true, registry };
  return (bytes, count) => {
    try {
      const message = fromBinary(descriptor, bytes, { readUnknownFields: false });
      countValues(message, count);
      return toJson(descriptor, message, written);
    } catch (error) {
      if (error instanceof DecodeLimitError) throw error;
      throw new Error(`it is not a message ${descriptor.typeName}: ${(error as Error).message}`);
    }
  };
}

/** Counts the members and items of a message, before they are copied to JSON. */
function countValues(value: unknown, count: ValueCount): void {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  if (Array.isArray(value)) {
    count.add(value.length);
    if (typeof value[0] === "object") for (const item of value) countValues(item, count);
    return;
  }
  for (const member of Object.values(value)) {
    count.add(1);
    countValues(member, count);
  }
}

/** Loads the first message of a `.proto` file, with all its references. */
async function loadMessage(declared: DeclaredFormat): Promise<protobufjs.Type> {
  const root = new protobufjs.Root();
  const parse = ({ text }: SchemaFile) => protobufjs.parse(text, root, { keepCase: true });
  const { package: name, imports = [], weakImports = [] } = parse(await readSchemaFile(declared));
  const space = name === undefined ? root : root.lookup(name);
  const nested = space instanceof protobufjs.Namespace ? space.nestedArray : [];
  const message = nested.find(found => found instanceof protobufjs.Type);
  if (message === undefined) throw new Error("it declares no message");

  const seen = new Set<string>();
  const open = [...imports, ...weakImports];
  for (let wanted = open.pop(); wanted !== undefined; wanted = open.pop()) {
    if (seen.has(wanted)) continue;
    seen.add(wanted);
    if (seen.size > MOST_FILES) throw new Error(`it imports more than ${MOST_FILES} files`);
    const known = protobufjs.common.get(wanted)?.nested;
    if (known !== undefined) {
      root.addJSON(known);
      continue;
    }
    const imported = parse(await readImport(wanted, declared));
    open.push(...(imported.imports ?? []), ...(imported.weakImports ?? []));
  }
  root.resolveAll();
  return message;
}

/** Reads an import, relative to the folder of the file `outputSchema` or to that of the capability file. */
async function readImport(wanted: string, { outputSchema = "", folder = "" }: DeclaredFormat): Promise<SchemaFile> {
  const besideSchema = path.posix.join(path.posix.dirname(outputSchema), wanted);
  try {
    return await readBelow(folder, besideSchema).catch(() => readBelow(folder, wanted));
  } catch (error) {
    throw new Error(`its import ${JSON.stringify(wanted)} cannot be read: ${(error as Error).message}`);
  }
}
