import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { SecretMask } from "../../../../src/base/mask-secrets.ts";
import { openRuntime } from "../../../../src/engine/open.ts";
import type { RestOperation, Unit } from "../../../../src/language/model/exposed/types.ts";
import type { Operation } from "../../../../src/language/model/types.ts";

/** Published files are not a part of this project: they are read where they stand beside it. */
const FOLDER = path.resolve(import.meta.dirname, "../../../../../shared/corpus");
const files = existsSync(FOLDER)
  ? readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter(name => /\.ya?ml$/.test(name))
  : [];

describe.skipIf(files.length === 0)("published files", () => {
  it("expose units whose calls have every input that they need", async () => {
    const found = { units: 0, exact: 0, sameButCase: 0, sameButSigns: 0, byOrder: 0, fromQuery: 0, sharedNames: 0 };
    const lacking: string[] = [];
    for (const file of files) {
      const surroundings = { cwd: FOLDER, secrets: new SecretMask() };
      const runtime = await openRuntime(path.join(FOLDER, file), { env: {} }, surroundings);
      const names = new Map<string, number>();
      for (const operation of runtime.model.operations)
        names.set(callOf(operation), (names.get(callOf(operation)) ?? 0) + 1);
      for (const adapter of runtime.exposed.adapters) {
        const units: readonly (Unit | RestOperation)[] =
          adapter.type === "rest"
            ? adapter.resources.flatMap(resource => resource.operations)
            : adapter.type === "mcp"
              ? adapter.tools
              : [];
        for (const unit of units) {
          const { work } = unit;
          if (work.kind !== "call") throw new Error(`${file}: ${unit.reference} is a ${work.kind}`);
          found.units += 1;
          if ((names.get(callOf(work.operation)) ?? 0) > 1) found.sharedNames += 1;
          const given = new Set(work.with.map(({ name }) => name));
          for (const input of work.operation.inputs.values())
            if (input.required && !given.has(input.key)) lacking.push(`${file}: ${unit.reference} ${input.key}`);
          for (const { name, in: location, placeholder } of unit.inputs.values()) {
            if (location === "path" && placeholder !== undefined) found[likeness(name, placeholder)] += 1;
            else if (location === "query" && isOfPath(work.operation, name)) found.fromQuery += 1;
          }
        }
      }
    }
    expect(lacking).toEqual([]);
    expect(found).toEqual({
      units: 5823,
      exact: 1687,
      sameButCase: 664,
      sameButSigns: 1823,
      byOrder: 0,
      fromQuery: 8,
      sharedNames: 32,
    });
  });
});

function callOf({ adapter, name }: Operation): string {
  return `${adapter.namespace}.${name}`;
}

function isOfPath({ inputs }: Operation, name: string): boolean {
  return [...inputs.values()].some(input => input.in === "path" && input.name === name);
}

function likeness(name: string, placeholder: string): "exact" | "sameButCase" | "sameButSigns" | "byOrder" {
  if (name === placeholder) return "exact";
  if (name.toLowerCase() === placeholder.toLowerCase()) return "sameButCase";
  const bare = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  return bare(name) === bare(placeholder) ? "sameButSigns" : "byOrder";
}
