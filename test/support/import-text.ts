import type { JsonObject } from "../../src/base/json-object.ts";
import {
  type ImportedCapability,
  importDescription,
  type Split,
} from "../../src/language/openapi/import-description.ts";
import { readDescription } from "../../src/language/openapi/read-description.ts";

interface Imported {
  readonly capabilities: readonly ImportedCapability[];
  /** The first adapter of the first capability. */
  readonly adapter: JsonObject;
  readonly adapters: readonly JsonObject[];
  /** Pointer and message of each finding. */
  readonly findings: readonly string[];
}

/** Imports a description from its text. */
export async function importText(
  text: string,
  {
    location = "/specs/api.yaml",
    namespace,
    split = "none",
  }: { location?: string; namespace?: string; split?: Split } = {},
): Promise<Imported> {
  const description = await readDescription(location, async () => ({ text, location }));
  const capabilities = importDescription(description, { namespace, split });
  const document = capabilities[0]?.document as unknown as { readonly capability: { readonly consumes: JsonObject[] } };
  const adapters = document.capability.consumes;
  return {
    capabilities,
    adapters,
    adapter: adapters[0] ?? {},
    findings: description.findings.map(({ node, message }) => `${node.pointer}: ${message}`),
  };
}
