import type { Diagnostic } from "../../base/capability-error.ts";
import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import { setUnreadable } from "../document/exposed.ts";
import type { SchemaError } from "./generated/validate-all.js";
import { describeSchemaErrors } from "./schema-diagnostics.ts";

/** Parts that only servers use, and what stands in for an entry that does not keep to the schema. */
const STAND_INS = { exposes: { type: "unknown" }, aggregates: { namespace: "unknown", functions: [] } } as const;

/** Most findings about one entry: an adapter of another form departs everywhere. */
const MOST_FINDINGS = 3;

/**
 * Exposed adapters and aggregates that are not understood. Calls of consumed operations do not need them, so they are
 * set aside while the rest is checked, and put back as they were written.
 */
export class ExposedParts {
  readonly #document: JsonObject;
  readonly #aside: { readonly list: unknown[]; readonly index: number; readonly entry: unknown }[] = [];

  /** @param document the copy of a document, which this changes */
  constructor(document: JsonObject) {
    this.#document = document;
  }

  /** Sets the entries aside that errors are about, and returns a warning for each error. */
  setAside(errors: readonly SchemaError[]): Diagnostic[] {
    if (!hasConsumes(this.#document)) return [];
    const byEntry = new Map<string, SchemaError[]>();
    for (const error of errors) {
      const entry = /^(?:\/capability)?\/(?:exposes|aggregates)(?:\/\d+)?(?=\/|$)/.exec(error.instancePath)?.[0];
      if (entry !== undefined) byEntry.set(entry, [...(byEntry.get(entry) ?? []), error]);
    }
    return [...byEntry].flatMap(([pointer, found]) => {
      const described = describeSchemaErrors(this.#document, found).slice(0, MOST_FINDINGS);
      this.#take(pointer);
      return described.map(({ diagnostic }): Diagnostic => {
        const message = `${diagnostic.message}; this cannot be served, and calls of consumed operations do not need it`;
        return { ...diagnostic, severity: "warning", rule: "lenient-reading", message };
      });
    });
  }

  /** Puts every entry back, and remembers that nothing can be served of it. */
  putBack(): void {
    for (const { list, index, entry } of this.#aside) {
      list[index] = entry;
      setUnreadable(entry);
    }
  }

  #take(pointer: string): void {
    const isOfCapability = pointer.startsWith("/capability/");
    const owner = isOfCapability ? member(this.#document, "capability") : this.#document;
    const [section = "", index] = pointer.split("/").slice(isOfCapability ? 2 : 1);
    if (!isJsonObject(owner) || !isSection(section)) return;
    const list = member(owner, section);
    if (index === undefined || !Array.isArray(list)) {
      delete (owner as Record<string, unknown>)[section];
      return;
    }
    this.#aside.push({ list, index: Number(index), entry: list[Number(index)] as unknown });
    list[Number(index)] = { ...STAND_INS[section] };
  }
}

function isSection(name: string): name is keyof typeof STAND_INS {
  return Object.hasOwn(STAND_INS, name);
}

/** Tells whether a document has operations to call, or may import some. */
function hasConsumes(document: JsonObject): boolean {
  const owners = [document, member(document, "capability")].filter(isJsonObject);
  return owners.some(owner => [member(owner, "consumes"), member(owner, "imports")].some(isFilled));
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}
