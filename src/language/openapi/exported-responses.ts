import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import type { Schema } from "../../base/json-schema/schema-document.ts";
import type { Operation, Output } from "../model/types.ts";
import type { ExportContext } from "./export-context.ts";

/** Media type of each raw format. */
const mediaTypes: Readonly<Record<string, string>> = {
  json: "application/json",
  xml: "application/xml",
  csv: "text/csv",
  tsv: "text/tab-separated-values",
  psv: "text/plain",
  yaml: "application/yaml",
  html: "text/html",
  markdown: "text/markdown",
  avro: "application/avro",
  protobuf: "application/x-protobuf",
  binary: "application/octet-stream",
  text: "text/plain",
};

/** Returns the responses of an operation: what it gives where it succeeds, and that it may fail. */
export function exportedResponses(context: ExportContext): JsonObject {
  const { operation } = context;
  const success = operation.method === "HEAD" ? {} : { content: exportedContent(context) };
  return { 200: { description: "Success", ...success }, default: { description: "Failure" } };
}

/** Returns the content of an answer of the API, as it is received. */
export function exportedContent(context: Pick<ExportContext, "operation" | "schemas">): JsonObject {
  return { [acceptedType(context.operation)]: { schema: answerSchema(context) } };
}

function acceptedType({ parameters, rawFormat }: Operation): string {
  const accept = parameters.find(({ in: location, name }) => location === "header" && /^accept$/i.test(name));
  const [first = ""] = accept?.source.kind === "constant" ? String(accept.source.value).split(",", 1) : [];
  const type = first.trim();
  if (/^[\w.+-]+\/[\w.+-]+(?:;[^,]*)?$/.test(type)) return type;
  return member(mediaTypes, rawFormat) ?? "application/octet-stream";
}

/** Returns the schema of the decoded answer, as far as the file tells it. */
export function answerSchema({ operation, schemas }: Pick<ExportContext, "operation" | "schemas">): Schema {
  const { answerSchema: schema, outputs, rawFormat } = operation;
  if (typeof schema === "boolean" || isJsonObject(schema)) return schemas.write(schema, schema);
  if (rawFormat === "text" || rawFormat === "html" || rawFormat === "markdown") return { type: "string" };
  if (rawFormat !== "json" && rawFormat !== "yaml") return {};
  const root: Shape = { type: undefined, members: new Map(), items: undefined };
  for (const output of outputs ?? []) addOutput(root, output);
  return schemas.write(shapeSchema(root), true);
}

/** Shape of an answer, as far as the paths of outputs tell it. */
interface Shape {
  type: string | undefined;
  readonly members: Map<string, Shape>;
  items: Shape | undefined;
}

/** Adds what a path tells of the answer: where its members are, and the type of what it finds. */
function addOutput(root: Shape, { path, type }: Output): void {
  let shape = root;
  for (const step of path.steps) {
    if (step.kind === "member" && shape.items === undefined) {
      const next = shape.members.get(step.name) ?? { type: undefined, members: new Map(), items: undefined };
      shape.members.set(step.name, next);
      shape = next;
    } else if ((step.kind === "wildcard" || step.kind === "index") && shape.members.size === 0) {
      shape.items ??= { type: undefined, members: new Map(), items: undefined };
      shape = shape.items;
    } else return;
  }
  // A path with a wildcard gives a list of what it names.
  if (path.definite && type !== "binary") shape.type ??= type;
}

function shapeSchema({ type, members, items }: Shape): Schema {
  if (items !== undefined) return { type: "array", items: shapeSchema(items) };
  if (members.size === 0) return type === undefined ? {} : { type };
  return {
    type: "object",
    properties: Object.fromEntries([...members].map(([name, shape]) => [name, shapeSchema(shape)])),
  };
}
