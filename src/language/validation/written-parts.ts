import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import { pointerSegment } from "../../base/json-pointer.ts";

/** Kind of object that calls of consumed operations depend on. */
export type PartKind =
  | "document"
  | "capability"
  | "bind"
  | "import"
  | "adapter"
  | "authentication"
  | "resource"
  | "operation"
  | "parameter"
  | "output"
  | "body"
  | "bodyPart";

/** Object of a document as written, in either generation. */
export interface WrittenPart {
  readonly kind: PartKind;
  readonly part: JsonObject;
  readonly pointer: string;
}

/** Yields every part that calls of consumed operations depend on. Values of another form are left out. */
export function* writtenParts(document: JsonObject): Generator<WrittenPart> {
  yield { kind: "document", part: document, pointer: "" };
  yield* sections(document, "");
  const capability = member(document, "capability");
  if (!isJsonObject(capability)) return;
  yield { kind: "capability", part: capability, pointer: "/capability" };
  yield* sections(capability, "/capability");
}

function* sections(owner: JsonObject, pointer: string): Generator<WrittenPart> {
  yield* entries("bind", owner, "binds", pointer);
  for (const entry of entries("adapter", owner, "consumes", pointer)) {
    const isImport = ["import", "location", "from"].some(name => Object.hasOwn(entry.part, name));
    if (isImport) yield { ...entry, kind: "import" };
    else yield* adapterParts(entry);
  }
}

function* adapterParts(adapter: WrittenPart): Generator<WrittenPart> {
  yield adapter;
  yield* one("authentication", adapter, "authentication");
  yield* entries("parameter", adapter.part, "inputParameters", adapter.pointer);
  for (const resource of entries("resource", adapter.part, "resources", adapter.pointer)) {
    yield resource;
    yield* entries("parameter", resource.part, "inputParameters", resource.pointer);
    for (const operation of entries("operation", resource.part, "operations", resource.pointer)) {
      yield operation;
      yield* entries("parameter", operation.part, "inputParameters", operation.pointer);
      yield* entries("output", operation.part, "outputParameters", operation.pointer);
      for (const body of one("body", operation, "body")) {
        yield body;
        if (isMultipart(body.part)) yield* entries("bodyPart", body.part, "data", body.pointer);
      }
    }
  }
}

function isMultipart(body: JsonObject): boolean {
  const type = member(body, "type");
  return typeof type === "string" && /^multipart/i.test(type) && Array.isArray(member(body, "data"));
}

/** Yields the objects of a list, or of a map by name. */
function* entries(kind: PartKind, owner: JsonObject, name: string, pointer: string): Generator<WrittenPart> {
  const container = member(owner, name);
  if (typeof container !== "object" || container === null) return;
  for (const [key, part] of Object.entries(container) as [string, unknown][])
    if (isJsonObject(part)) yield { kind, part, pointer: `${pointer}/${name}/${pointerSegment(key)}` };
}

function* one(kind: PartKind, { part: owner, pointer }: WrittenPart, name: string): Generator<WrittenPart> {
  const part = member(owner, name);
  if (isJsonObject(part)) yield { kind, part, pointer: `${pointer}/${name}` };
}
