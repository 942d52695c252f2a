import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import type { Description } from "./description.ts";
import type { DescriptionNode } from "./description-node.ts";

/** A capability that a description becomes. */
export interface ImportedCapability {
  /** Name of its file, without an extension. */
  readonly name: string;
  readonly document: JsonObject;
}

/** Parts that a description is split into. */
export type Split = "none" | "path" | "tag";

interface ImportOptions {
  /** Namespace of the adapter; by default made of the title. */
  readonly namespace?: string | undefined;
  readonly split: Split;
}

const METHODS: ReadonlySet<string> = new Set(["get", "put", "post", "delete", "options", "head", "patch"]);

/** Makes capabilities of a description of an API. */
export function importDescription(description: Description, { namespace }: ImportOptions): ImportedCapability[] {
  const { root } = description;
  const { title = "api" } = (description.member(root, "info")?.value ?? {}) as { readonly title?: unknown };
  const name = namespace ?? kebab(String(title));
  const url = description.member(root, "servers", 0, "url")?.value;
  const resources = (description.member(root, "paths")?.children() ?? []).flatMap(([path, item]) => {
    const operations = operationsOf(description.resolve(item));
    return operations.length === 0 ? [] : [{ name: kebab(path), path, operations }];
  });
  const adapter = { type: "http", namespace: name, baseUri: typeof url === "string" ? url : "", resources };
  return [{ name, document: { naftiko: "1.0.0-alpha3", info: { label: title }, capability: { consumes: [adapter] } } }];
}

function operationsOf(item: DescriptionNode | undefined): JsonObject[] {
  return (item?.children() ?? []).flatMap(([method, { value }]) => {
    if (!METHODS.has(method) || !isJsonObject(value)) return [];
    const { operationId, summary } = value;
    const name = typeof operationId === "string" ? operationId : method;
    return [{ name, method: method.toUpperCase(), ...(typeof summary === "string" ? { label: summary } : {}) }];
  });
}

function kebab(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "api"
  );
}
